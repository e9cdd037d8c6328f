//! Indonesian.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "id",
    months: [
        "januari|jan",
        "februari|feb|peb|pebruari",
        "maret|mar",
        "april|apr",
        "mei",
        "juni|jun",
        "juli|jul",
        "agustus|agu|ags|agt",
        "september|sep",
        "oktober|okt",
        "november|nov|nop|nopember",
        "desember|des",
    ],
    weekdays: ["senin|sen", "selasa|sel", "rabu|rab", "kamis|kam", "jumat|jum|jumaat", "sabtu|sab", "minggu|min|ahad"],
    units: ["detik|dtk|saat", "menit|mnt|minit", "jam", "hari|hr", "minggu|mgg|pekan", "bulan|bln", "tahun|thn", ""],
    days: &[(0, "hari ini"), (1, "kemarin|kemaren"), (2, "kemarin lusa|kemarin dulu")],
    numbers: &[(1, "setengah"), (2, "satu|se"), (4, "dua")],
    ago: "yang lalu|lalu|silam|yg lalu",
    last: "lalu|kemarin|minggu lalu",
    now: "sekarang|baru saja|barusan",
    am: "pagi",
    pm: "siang|sore|malam",
    fill: "pukul|pkl|jam|dan|sekitar|kira kira|pada|tanggal",
    clock: "pukul|pkl",
    labels: "diterbitkan|dipublikasikan|diposting|diperbarui|terbit|tanggal|dibuat|publikasi|diunggah",
    ..EMPTY
};
