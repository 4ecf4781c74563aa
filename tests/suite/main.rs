//! The integration tests: one binary. A test whose input is absent is reported as ignored, never as passed.

// Tests read and write files.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod architecture;
mod bad_models;
mod behaviour;
mod browser;
mod bundle;
mod cases;
mod catalogue;
mod ci;
mod coverage;
mod columnar;
mod compare;
mod croissant;
mod dataset_check;
mod doctor;
mod documentation;
mod download;
mod engines;
mod entailment;
mod formats;
mod generate;
mod groups;
mod hub;
mod incomplete_sets;
mod intensity;
mod kept;
mod large;
mod lexicon;
mod measures;
mod missing_evidence;
mod packs;
mod pages;
mod pairs_of_groups;
mod parsers;
mod policy_gate;
mod programs;
mod quality;
mod rater_groups;
mod real_data;
mod recipes;
mod run;
mod scores;
mod services;
mod spss;
mod suppression;
mod training;
mod transformers;
mod unanswered;
mod undefined;
mod weights;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = [
        architecture::trials(),
        bad_models::trials(),
        behaviour::trials(),
        browser::trials(),
        bundle::trials(),
        cases::trials(),
        catalogue::trials(),
        ci::trials(),
        coverage::trials(),
        columnar::trials(),
        compare::trials(),
        croissant::trials(),
        dataset_check::trials(),
        doctor::trials(),
        documentation::trials(),
        download::trials(),
        engines::trials(),
        entailment::trials(),
        formats::trials(),
        generate::trials(),
        groups::trials(),
        hub::trials(),
        incomplete_sets::trials(),
        intensity::trials(),
        kept::trials(),
        large::trials(),
        lexicon::trials(),
        measures::trials(),
        missing_evidence::trials(),
        packs::trials(),
        pages::trials(),
        pairs_of_groups::trials(),
        parsers::trials(),
        policy_gate::trials(),
        programs::trials(),
        quality::trials(),
        rater_groups::trials(),
        real_data::trials(),
        recipes::trials(),
        scores::trials(),
        services::trials(),
        spss::trials(),
        suppression::trials(),
        training::trials(),
        transformers::trials(),
        unanswered::trials(),
        undefined::trials(),
        weights::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
