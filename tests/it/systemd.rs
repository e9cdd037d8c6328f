//! The units under Debian 12's systemd, booted in a container: what `tests/systemd/inside.sh` proves there.

use std::{
    env,
    path::Path,
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::world::skipped;

/// What has to be proved, so that a script that ends early does not pass.
const PROOFS: [&str; 41] = [
    "verify",
    "a fault in feeds.toml is not retried",
    "the fault is told with its place",
    "the fault names the credential",
    "nothing runs before the first request",
    "socket activation",
    "the first request started it",
    "the daemon took the socket",
    "ready when start returns",
    "Type=notify",
    "a visit fills the feed",
    "LoadCredential",
    "secrets stay out of the journal",
    "DynamicUser",
    "StateDirectory",
    "state is used",
    "reload of a good file",
    "the new source is served",
    "a bad file is told",
    "the journal says where it is bad",
    "systemctl status tells it",
    "reload of a bad file changes nothing",
    "still the same process",
    "kill -9 is followed by a start",
    "kill -9 refuses no connection",
    "kill -9 tears at most the answer under way",
    "feeds are byte-identical after kill -9",
    "no new privileges",
    "system calls are filtered",
    "no capability",
    "no capability can come",
    "the system is read-only",
    "nothing else is executed",
    "the daemon itself is executed",
    "homes are not seen",
    "it lives longer than its watchdog",
    "a living daemon is left alone",
    "who asks during a stall is answered",
    "watchdog restart",
    "a stop is clean",
    "state survives a stop",
];

/// What is proved besides where the package is installed in place of the bare files.
const OF_THE_PACKAGE: [&str; 9] = [
    "the package starts the daemon",
    "its socket is systemd's",
    "the example has no fault",
    "manual pages",
    "completions",
    "removal stops the daemon",
    "removal keeps the configuration",
    "removal keeps the state",
    "installed again, the feeds are as before",
];

#[test]
fn the_units_keep_their_promises() {
    prove("systemd::the_units_keep_their_promises", Path::new(env!("CARGO_BIN_EXE_tearsheet")), &PROOFS);
}

/// The package that `scripts/deb` makes; `TEARSHEET_DEB` names it.
#[test]
fn the_package_keeps_them_too() {
    let name = "systemd::the_package_keeps_them_too";
    match env::var_os("TEARSHEET_DEB") {
        Some(package) => prove(name, Path::new(&package), &[&PROOFS[..], &OF_THE_PACKAGE].concat()),
        None => skipped(name, "TEARSHEET_DEB names no package (scripts/deb makes one)"),
    }
}

/// Boots a machine with the `daemon`, a binary or a package, and holds that it reports each of the `proofs`.
fn prove(name: &str, daemon: &Path, proofs: &[&str]) {
    // Both boot from one folder.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let done = Command::new(here.join("tests/systemd/boot"))
        .arg(here.join("target/systemd-root"))
        .arg(daemon)
        .output()
        .unwrap();
    if done.status.code() == Some(77) {
        return skipped(name, String::from_utf8_lossy(&done.stderr).trim());
    }
    let report = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{report}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(!report.contains("FAULT: "), "{report}");
    for proof in proofs {
        assert!(
            report.lines().any(|line| line.strip_prefix("ok: ") == Some(proof)),
            "no proof of {proof:?}:\n{report}"
        );
    }

    // What `systemd-analyze security` still finds: a new line is a decision that somebody has to make.
    let (_, exposure) = report.split_once("-- exposure\n").unwrap();
    let pinned = include_str!("../systemd/exposure.txt");
    let kept = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n");
    assert_eq!(kept(exposure), kept(pinned), "what is exposed has changed; if it should, change exposure.txt");
    let level: f64 =
        exposure.lines().last().and_then(|line| line.split(": ").nth(1)?.split(' ').next()?.parse().ok()).unwrap();
    assert!(level <= 1.1, "exposure {level}");
    println!("{name}: {} proofs, exposure {level}", proofs.len());
}
