//! Progress of long work, on stderr and only where that is a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that counts up to `length`; hidden where nobody watches.
pub fn bar(length: u64, what: &str, quiet: bool) -> ProgressBar {
    let bar = new(ProgressBar::new(length), quiet);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} ({eta} left)") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// A bar that counts bytes; hidden where nobody watches.
pub fn bytes(what: &str, quiet: bool) -> ProgressBar {
    let bar = new(ProgressBar::new(0), quiet);
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} ({eta} left)")
    {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// A sign of life for work whose length is not known.
pub fn spinner(what: &str, quiet: bool) -> ProgressBar {
    let bar = new(ProgressBar::new_spinner(), quiet);
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn new(bar: ProgressBar, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}
