//! Every check with its manual page: one list, from which `explain`, the page and the JSON take their words.

use super::finding::Grade;

/// Something that is looked for in a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Cases without words.
    BlankTexts,
    /// The same words twice.
    ExactDuplicates,
    /// The same words with different labels.
    ConflictingLabels,
    /// Nearly the same words.
    NearDuplicates,
    /// Words that another dataset holds as well.
    Overlap,
    /// The declared language against the detected one.
    Language,
    /// Texts in another script than that of their language.
    Script,
    /// Characters that nobody sees or that turn text.
    HiddenCharacters,
    /// Addresses, numbers and names of accounts.
    PersonalData,
    /// Columns that look like names of people.
    NameColumns,
    /// Cases without a label.
    GoldMissing,
    /// One label only.
    GoldConstant,
    /// How often each label occurs.
    LabelBalance,
    /// How large the groups are.
    GroupBalance,
    /// Groups too small for any claim.
    SmallGroups,
    /// Labels that are rare within a group.
    LabelByGroup,
    /// What each person who labelled did.
    Raters,
    /// How far people agree.
    Agreement,
}

/// The manual page of a check.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Name in files.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// The worst grade it gives.
    pub severity: Grade,
    /// Why it matters.
    pub why: &'static str,
    /// How it is done, with its limits.
    pub how: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Check {
    /// Its manual page.
    pub fn page(self) -> &'static Page {
        page_of(&PAGES, self)
    }

    /// A check by its name in files.
    pub fn parse(id: &str) -> Option<Check> {
        named(&PAGES, id)
    }
}

/// The page of a check in a list that holds one for each, as a test shows.
pub(super) fn page_of<T: PartialEq>(pages: &'static [(T, Page)], wanted: T) -> &'static Page {
    let found = pages.iter().find(|(check, _)| *check == wanted);
    found.map_or_else(|| unreachable!("every check has a page"), |(_, page)| page)
}

/// The check of a list that has this name in files.
pub(super) fn named<T: Copy>(pages: &[(T, Page)], id: &str) -> Option<T> {
    let found = pages.iter().find(|(_, page)| page.id == id);
    found.map(|(check, _)| *check)
}

/// Every check with its manual page, in the order of reports.
pub const PAGES: [(Check, Page); 18] = [
    (
        Check::BlankTexts,
        Page {
            id: "blank-texts",
            title: "Blank texts",
            severity: Grade::Problem,
            why: "A model still answers where there is nothing to read, and its answer is then counted.",
            how: "A text is blank when it holds no character but spaces. A problem where all texts are blank.",
            advice: "Leave these cases out, or find out where their texts were lost.",
        },
    ),
    (
        Check::ExactDuplicates,
        Page {
            id: "exact-duplicates",
            title: "The same words twice",
            severity: Grade::Warning,
            why: "A repeated text counts twice without telling anything new, so that intervals come out narrower than the evidence is.",
            how: "Texts are compared after Unicode normalisation (NFKC), in lower case and with runs of spaces as one; punctuation and emoji count. Repeats inside one cluster or counterfactual set are counted apart, because their dependence is declared. A warning where more than 1 % of the cases repeat a text of four words or more; shorter ones (\"Oh my God!\") people do say again.",
            advice: "Drop the copies, or name what they share with `cluster` in the card's [columns].",
        },
    ),
    (
        Check::ConflictingLabels,
        Page {
            id: "conflicting-labels",
            title: "The same words, other labels",
            severity: Grade::Warning,
            why: "A model that sees nothing but the text cannot be right on all of these cases, however good it is.",
            how: "Among cases whose texts are the same (as for exact duplicates), those whose gold labels differ. A warning above 1 % of the cases with gold.",
            advice: "Have these cases labelled again, or say in the card that labels rest on context which the model does not see.",
        },
    ),
    (
        Check::NearDuplicates,
        Page {
            id: "near-duplicates",
            title: "Nearly the same words",
            severity: Grade::Warning,
            why: "Texts that were copied and changed a little are not independent evidence.",
            how: "Two texts are near when the sets of their sequences of four characters overlap by a Jaccard index of at least 0.8, letters, digits and emoji counting and punctuation not. Texts with fewer than 20 such characters are not compared. The search is exact: no pair is missed (prefix and positional filters; Bayardo et al. 2007, Xiao et al. 2008). Exact duplicates, and pairs inside one cluster or counterfactual set, are left out. A warning where more than 1 % of the cases have such a neighbour.",
            advice: "Keep one of them, or name what they share with `cluster` in the card's [columns].",
        },
    ),
    (
        Check::Overlap,
        Page {
            id: "overlap",
            title: "Overlap with another dataset",
            severity: Grade::Warning,
            why: "A model that has seen a test text in training is not tested by it: the audit would report memory as skill.",
            how: "Texts are compared as for exact and near duplicates with every dataset given by `--against`, and between the groups of an attribute named split, fold, subset or partition. A warning where more than 1 % of the cases stand in both.",
            advice: "Leave the shared cases out of the test data, above all those of four words and more, which nobody says twice by chance.",
        },
    ),
    (
        Check::Language,
        Page {
            id: "language",
            title: "Language declared and detected",
            severity: Grade::Warning,
            why: "A model is judged for the language that the card names; texts in other languages count as its mistakes.",
            how: "The language of texts of at least 60 letters (20 in Chinese, Japanese and Korean) is guessed from sequences of three letters (whatlang) and used where the guess is sure of itself; of more than 20,000 texts, every second, third and so on is looked at. It is a hint only: it knows some seventy languages and confuses close ones. A warning where more than one text in five seems to be in a language that is not declared.",
            advice: "Read some of these texts; then mend `language` in the card, or leave them out.",
        },
    ),
    (
        Check::Script,
        Page {
            id: "script",
            title: "Text outside the script of its language",
            severity: Grade::Warning,
            why: "Romanised, mis-decoded or foreign text is unlike what the model is judged for.",
            how: "The scripts of the declared languages are those of CLDR, or the one that the tag names (sr-Latn). A text is outside when more than half of its letters (Unicode property Script) belong to other scripts. A warning above 1 % of the texts with letters.",
            advice: "Read some of these texts; declare the other language or script in the card, or leave them out.",
        },
    ),
    (
        Check::HiddenCharacters,
        Page {
            id: "hidden-characters",
            title: "Hidden and damaged characters",
            severity: Grade::Warning,
            why: "Control characters, marks of direction and wrongly decoded letters change what a model reads while people see nothing, or see damage.",
            how: "Counted are texts with control characters other than tab and line break, invisible characters, marks of direction, the replacement character, characters for private use, and pairs that UTF-8 read as Windows-1252 leaves behind. Joiners are left out: emoji and several scripts need them. A warning at the first character that overrides direction, and above 1 % of the texts for the rest.",
            advice: "Read the file again in its right encoding, or remove these characters.",
        },
    ),
    (
        Check::PersonalData,
        Page {
            id: "personal-data",
            title: "Personal data",
            severity: Grade::Warning,
            why: "Whoever gets the data gets these with it, and models and logs may keep them.",
            how: "Shapes in texts: e-mail addresses, phone numbers, account names (@name, u/name), payment cards (with Luhn's check digit), bank accounts (IBAN, with its check digits) and national id numbers of several countries, with their check digits where they have them. Ids, clusters and groups are searched for e-mail addresses and account names. Placeholders such as @user are left out. Shapes are no proof, and names in running text are not found. Only counts are ever shown.",
            advice: "Replace them by placeholders before the data is shared, and look whether anybody consented to their being there.",
        },
    ),
    (
        Check::NameColumns,
        Page {
            id: "name-columns",
            title: "Columns that look like names",
            severity: Grade::Warning,
            why: "A column of names makes every row personal data, even where no model reads it.",
            how: "Names of columns in the file of cases are compared with words for people's names in several languages. What stands in the columns is not looked at, and never shown.",
            advice: "Drop the column, or replace names by numbers before the data is shared.",
        },
    ),
    (
        Check::GoldMissing,
        Page {
            id: "gold-missing",
            title: "Cases without a label",
            severity: Grade::Problem,
            why: "Cases without a gold label say nothing about how right a model is.",
            how: "Blank labels of each task, blank numbers of each dimension. A warning above one case in ten, a problem where all are blank.",
            advice: "Find out whether the labels were lost or never given; take the task out of the card where there are none.",
        },
    ),
    (
        Check::GoldConstant,
        Page {
            id: "gold-constant",
            title: "Constant labels",
            severity: Grade::Warning,
            why: "Where every case has the same label, a constant answer is always right and no skill can be shown.",
            how: "Tasks whose labelled cases all carry the same label or set of labels; dimensions whose numbers are all the same.",
            advice: "Add cases with other labels.",
        },
    ),
    (
        Check::LabelBalance,
        Page {
            id: "label-balance",
            title: "How often each label occurs",
            severity: Grade::Warning,
            why: "Nothing can be said of a label that hardly occurs, and accuracy is flattered where one label is nearly all there is.",
            how: "Cases of each label of the scheme. A warning where a label has fewer cases than the policy's min_n, or where one label holds more than nine cases in ten.",
            advice: "Gather more cases of these labels, or draw no conclusion about them.",
        },
    ),
    (
        Check::GroupBalance,
        Page {
            id: "group-balance",
            title: "How large the groups are",
            severity: Grade::Warning,
            why: "Results over all cases are results about the largest group, and a group that was not recorded is not compared.",
            how: "Cases of each group of each attribute. A warning where one group holds more than nine known cases in ten, or where a group is missing (not blank by design) in more than half of the cases. Groups under the policy's suppress_below are counted together.",
            advice: "Say how groups were sampled in the card's `limits`; gather cases of the small ones.",
        },
    ),
    (
        Check::SmallGroups,
        Page {
            id: "small-groups",
            title: "Groups too small for any claim",
            severity: Grade::Warning,
            why: "The policy claims nothing about a group under its min_n; harm to it would go unseen.",
            how: "Groups with fewer cases than min_n, and how many they lack. Groups under suppress_below are not named.",
            advice: "Gather the missing cases, or pool groups where that makes sense to the people in them.",
        },
    ),
    (
        Check::LabelByGroup,
        Page {
            id: "label-by-group",
            title: "Labels within groups",
            severity: Grade::Info,
            why: "Whether a model finds a label as well in one group as in others can be told only where the label occurs in each.",
            how: "Pairs of a label that occurs and a group that is large enough: how many have fewer cases than min_n, and how many have none.",
            advice: "Expect the audit to call these pairs insufficient; gather cases where the comparison matters.",
        },
    ),
    (
        Check::Raters,
        Page {
            id: "raters",
            title: "What each rater did",
            severity: Grade::Warning,
            why: "A person who gave nearly all labels, or always the same one, puts a single view in place of many.",
            how: "Ratings a case and ratings a rater, by label; raters stay without names. A warning where a rater with at least min_n ratings gave one label only while the others did not, or where one of three or more raters gave over half of all ratings.",
            advice: "Look at how these ratings were made before trusting labels that rest on them.",
        },
    ),
    (
        Check::Agreement,
        Page {
            id: "agreement",
            title: "How far people agree",
            severity: Grade::Warning,
            why: "A label that people do not share is not a truth that a model can be measured against.",
            how: "Krippendorff's alpha (2011) over cases with two ratings or more: all labels together (by ranks where labels have an order, else nominal), each label against the rest, and by group; and, where the data says who the raters are, how far those of each group agree with each other and with the others (cross-replication reliability, Wong et al. 2021). 1 is full agreement, 0 what chance gives. Intervals resample cases, or clusters where they are declared. A warning where a whole interval lies below the policy's ceiling.",
            advice: "Expect the audit to call such labels not auditable; mend the instructions to raters, or ask the humbler question.",
        },
    ),
];
