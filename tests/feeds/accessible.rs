//! The pages by the rules of axe-core, in Chromium: by day, by night, and as wide as a phone.
//!
//! `TEARSHEET_AXE` names axe-core's axe.min.js (`scripts/test` brings it from npm).

use std::{env, fs, path::Path, process::Command};

use tearsheet::serve::App;

use crate::{pages::get, sample};

/// What axe looks for: the levels A and AA of WCAG 2, and good practice.
const ASK: &str = "addEventListener('load', () => axe.run(document, {resultTypes: ['violations']}).then(found => {
  const told = document.createElement('pre');
  told.id = 'axe';
  const where = one => one.nodes.map(node => node.target + ': ' + node.failureSummary).join('; ');
  told.textContent = found.passes.length + ' rules passed\\n' + found.violations.map(one => one.id + ' ' + where(one)).join('\\n');
  document.body.append(told);
}))";

#[tokio::test]
async fn pages_break_no_rule_of_accessibility() {
    let name = "feeds: pages_break_no_rule_of_accessibility";
    let Some(axe) = env::var_os("TEARSHEET_AXE").and_then(|file| fs::read_to_string(file).ok()) else {
        return println!("skipped: {name}: TEARSHEET_AXE names no axe.min.js (npm's axe-core)");
    };
    if Command::new("chromium").arg("--version").output().is_err() {
        return println!("skipped: {name}: chromium is not installed");
    }
    let documents = vec![sample::document("grid", "电网 · 中国电力网", sample::grid())];
    let app = App::new(sample::Shown::new(documents));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("accessible");
    fs::create_dir_all(&folder).unwrap();
    let mut looked = 0;
    let file = folder.join("control.html");
    let broken = "<!DOCTYPE html><html lang=en><title>t</title><body><main><h1>t</h1><img src=x.png></main>";
    fs::write(&file, format!("{broken}<script>{axe}</script><script>{ASK}</script></body>")).unwrap();
    assert!(told(&folder, &file, "1", 1200).contains("image-alt"), "axe finds a picture without a text");
    for (place, path) in ["/", "/?q=%E7%94%B5", "/feeds/grid", "/nowhere"].into_iter().enumerate() {
        let (_, page) = get(&app, path).await;
        let page = page.replace("</body>", &format!("<script>{axe}</script><script>{ASK}</script></body>"));
        assert!(page.contains("axe.run"), "{path} has no end of body");
        let file = folder.join(format!("{place}.html"));
        fs::write(&file, page).unwrap();
        for (scheme, width) in [("1", 1200), ("0", 1200), ("1", 390)] {
            let told = told(&folder, &file, scheme, width);
            let (passed, broken) = told.split_once('\n').unwrap();
            let passed: u32 = passed.split(' ').next().unwrap().parse().unwrap();
            assert!(passed > 15, "{path}: axe looked at too little: {told}");
            assert_eq!(broken, "", "{path}, colour scheme {scheme}, {width} wide");
            looked += 1;
        }
    }
    println!("axe-core: {looked} pages, 0 violations");
}

/// What axe says of a page; `scheme` is Chromium's number of a colour scheme, 0 the dark one.
fn told(folder: &Path, file: &Path, scheme: &str, width: u32) -> String {
    let done = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("--window-size={width},900"))
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&done.stdout);
    let (_, told) = page.split_once("<pre id=\"axe\">").unwrap_or_else(|| {
        panic!("axe said nothing: {}", String::from_utf8_lossy(&done.stderr).lines().last().unwrap_or_default())
    });
    told.split_once("</pre>").unwrap().0.to_owned()
}
