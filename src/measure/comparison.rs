//! The manual page of every comparison: what a group's value, or all groups' values, are held against.

/// The manual page of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonPage {
    /// Name in files.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// How a policy's gate asks about it: its `of`; empty where none does.
    pub of: &'static str,
    /// The formula in words or signs.
    pub formula: &'static str,
    /// What it says, in a sentence or two.
    pub meaning: &'static str,
    /// Paper or standard.
    pub source: &'static str,
}

/// Every comparison, in the order of reports.
pub const COMPARISONS: [ComparisonPage; 14] = [
    ComparisonPage {
        id: "difference-to-others",
        title: "Difference to the others",
        of: "difference",
        formula: "value of the group - value of all other cases whose group is known",
        meaning: "How far a group is from everybody else, pooled. 0 is no difference; nothing is claimed where one side holds fewer cases than the policy asks for.",
        source: "Newcombe 1998; Price & Bonett 2004",
    },
    ComparisonPage {
        id: "ratio-to-others",
        title: "Ratio to the others",
        of: "ratio",
        formula: "value of the group / value of all other cases whose group is known",
        meaning: "1 is no difference, 0.5 is half as often. A ratio shows what a difference hides where values are small. Undefined where the others have none.",
        source: "Koopman 1984; Miettinen & Nurminen 1985",
    },
    ComparisonPage {
        id: "difference-to-group",
        title: "Difference to the reference group",
        of: "difference-to-reference",
        formula: "value of the group - value of the reference group",
        meaning: "Measured where a reference group was named (--reference gender=man). Which group is the measure of the others is a choice to give reasons for.",
        source: "Newcombe 1998; Price & Bonett 2004",
    },
    ComparisonPage {
        id: "ratio-to-group",
        title: "Ratio to the reference group",
        of: "ratio-to-reference",
        formula: "value of the group / value of the reference group",
        meaning: "Measured where a reference group was named (--reference gender=man).",
        source: "Koopman 1984; Miettinen & Nurminen 1985",
    },
    ComparisonPage {
        id: "difference-given",
        title: "Difference at equal shares of control attributes",
        of: "difference-given",
        formula: "sum over strata of (stratum's share of the cases that the value counts, of a label's skill the fewer of those with it and those without) * (value of the group - value of the others, within the stratum)",
        meaning: "Measured where control attributes were named (--control length). A gap between countries may be one of text lengths: this is what is left of it were both sides as long. Strata that one side has no case of are left out. What is left is still no cause.",
        source: "direct standardisation: Rothman, Greenland & Lash 2008, chapter 4; Price & Bonett 2004",
    },
    ComparisonPage {
        id: "worst-difference",
        title: "Worst group",
        of: "",
        formula: "least of all groups' differences to the others, with the limits at the level at which all groups' intervals hold together",
        meaning: "The group read worst. Among many groups one always looks bad by chance: an interval that lies below 0 all the same says that this one is not there by luck.",
        source: "max-T: Hothorn, Bretz & Westfall 2008; where groups depend on each other Sidak 1967",
    },
    ComparisonPage {
        id: "shrunken",
        title: "Value drawn towards the other groups",
        of: "",
        formula: "posterior mean and quantiles of a group's true value, groups being normal around a common mean, averaged over the spread between groups",
        meaning: "What somebody would believe of a small group who also knows the others; it stands beside the raw value and never in its place. It takes three groups, and groups that are not shown have no say.",
        source: "Efron & Morris 1975; Deely & Lindley 1981; Gelman et al. 2013, chapter 5",
    },
    ComparisonPage {
        id: "gap",
        title: "Gap between the best and the worst group",
        of: "gap",
        formula: "highest value of all groups - lowest value; limits from all pairs' differences at the level at which these hold together",
        meaning: "Never 0 in a sample, and larger the more groups there are: read it beside the gap by chance, which follows it. Its interval begins at 0 unless two groups are shown to differ; its test deals cases out to the groups anew.",
        source: "Tukey 1953; Kramer 1956; permutation test: Phipson & Smyth 2010",
    },
    ComparisonPage {
        id: "gap-by-chance",
        title: "Gap by chance",
        of: "",
        formula: "mean and percentiles of the gap where cases are dealt out to groups of the same sizes at random",
        meaning: "What the gap comes to where no group differs. Clusters are dealt as wholes, or within themselves where several groups share them.",
        source: "Davison & Hinkley 1997, chapter 4",
    },
    ComparisonPage {
        id: "within-sets",
        title: "Comparison within counterfactual sets",
        of: "value",
        formula: "differences between sentences of a set that are alike in the other attributes",
        meaning: "Each set is its own comparison, so that nothing but the person named can make the difference; where sets swap several attributes, sentences that differ in another one are not compared.",
        source: "Kiritchenko & Mohammad 2018; Garg et al. 2019",
    },
    ComparisonPage {
        id: "within-sets-to-group",
        title: "Comparison of two groups within counterfactual sets",
        of: "value",
        formula: "mean over the sets that hold both, in sentences alike in the other attributes, of (value of the group - value of the other group)",
        meaning: "Measured where more than two groups are swapped, each pair in one direction: two groups may both be near the mean of the others, one above and one below, and far from each other. A gate asks about the pairs of an attribute in one finding for each label, which the pair furthest from passing decides.",
        source: "Kiritchenko & Mohammad 2018; Holm 1979",
    },
    ComparisonPage {
        id: "change-from-baseline",
        title: "Change from the baseline",
        of: "change",
        formula: "value now - value in the record of an earlier release; where nearer to zero is better, of the distances from zero",
        meaning: "Measured where a baseline was named (--baseline) and a gate asks for it. The record of then holds values and no answers, so that the two are taken to be independent: a change can be missed, and is seldom made up. With the answers of then (--baseline-predictions) changes are paired.",
        source: "Zou & Donner 2008",
    },
    ComparisonPage {
        id: "paired-change-from-baseline",
        title: "Paired change from the baseline",
        of: "change",
        formula: "value now - value of the earlier release, both on the cases that both answered",
        meaning: "Measured in place of the unpaired change where the answers of the earlier release are at hand (--baseline-predictions), of accuracy, skill, recall, false-positive rate and selection rate. Cases that both answer alike say nothing of a change, so that the interval is mostly far narrower: the same cases prove or disprove more. The answers must be those that the baseline was made of.",
        source: "Bonett & Price 2012; Price & Bonett 2004",
    },
    ComparisonPage {
        id: "difference-to-model",
        title: "Difference to another model",
        of: "",
        formula: "value of this model - value of the other, both on the cases that both answered",
        meaning: "Measured of accuracy and skill, overall and by group, where several models of an audit answer the same task on the same data in the same labels. Cases that both get right or both get wrong say nothing about which is better, so that the interval is narrower than that of two separate values. Its test is McNemar's where cases are independent, and holm beside it is its p-value corrected for all pairs of models (and all groups of an attribute). An interval that holds 0 shows no difference; that there is none larger than x is shown where it lies between -x and x.",
        source: "McNemar 1947; Fagerland, Lydersen & Laake 2013; Bonett & Price 2012; Holm 1979; Schuirmann 1987",
    },
];
