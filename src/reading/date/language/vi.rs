//! Vietnamese.

use super::{EMPTY, Language};

pub(super) const TABLE: Language = Language {
    code: "vi",
    months: [
        "tháng một|tháng giêng",
        "tháng hai",
        "tháng ba",
        "tháng tư",
        "tháng năm",
        "tháng sáu",
        "tháng bảy",
        "tháng tám",
        "tháng chín",
        "tháng mười",
        "tháng mười một",
        "tháng mười hai|tháng chạp",
    ],
    weekdays: ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"],
    units: ["giây", "phút", "giờ|tiếng", "ngày|hôm", "tuần", "tháng", "năm", "thập kỷ"],
    days: &[(0, "hôm nay"), (1, "hôm qua"), (2, "hôm kia")],
    numbers: &[(1, "nửa"), (2, "một"), (4, "hai"), (6, "ba")],
    ago: "trước|cách đây",
    last: "trước|vừa rồi|qua",
    now: "bây giờ|vừa xong|mới đây|vừa mới",
    am: "sáng",
    pm: "chiều|tối",
    noon: "trưa",
    fill: "lúc|vào|ngày|khoảng|và|gần|hơn",
    labels: "đăng lúc|ngày đăng|cập nhật|cập nhật lúc|xuất bản|thời gian|đăng ngày|ngày",
    ..EMPTY
};
