//! The integration tests: one binary. A test whose input is absent is reported as ignored, never as passed.

mod architecture;
mod cases;
mod policy_gate;
mod quality;
mod real_data;
mod run;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = [
        architecture::trials(),
        cases::trials(),
        policy_gate::trials(),
        quality::trials(),
        real_data::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
