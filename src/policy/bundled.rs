//! Policies for contexts that come with the program, beside the default one.

/// A policy that is built in.
pub struct Bundled {
    /// Its name, after [`PREFIX`].
    pub name: &'static str,
    /// What it is for, in a few words.
    pub title: &'static str,
    /// The name of its file.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The context of use that it is written for, as runs declare it.
    pub context: &'static str,
}

/// What stands before the name of a bundled policy where a file could stand too.
pub const PREFIX: &str = "bundled:";

/// Every policy for a context.
pub const BUNDLED: [Bundled; 4] = [
    Bundled {
        name: "recruitment",
        title: "choosing candidates: emotions are refused, polarity has to be nearly even between groups",
        file: "recruitment.md",
        text: include_str!("../../policies/recruitment.md"),
        context: "recruitment",
    },
    Bundled {
        name: "customer",
        title: "what customers write, in sum: polarity blocks a release, emotions inform",
        file: "customer.md",
        text: include_str!("../../policies/customer.md"),
        context: "customer",
    },
    Bundled {
        name: "health",
        title: "texts in care, read by people afterwards: what is missed counts more than what is raised falsely",
        file: "health.md",
        text: include_str!("../../policies/health.md"),
        context: "health",
    },
    Bundled {
        name: "research",
        title: "comparing models in a study: the evidence has to be sound, the models need not be good",
        file: "research.md",
        text: include_str!("../../policies/research.md"),
        context: "research",
    },
];

/// A bundled policy by its name.
pub fn find(name: &str) -> Option<&'static Bundled> {
    BUNDLED.iter().find(|policy| policy.name == name)
}
