//! Made-up data in which some combinations of groups are empty: groups lie within each other, and what is between two of
//! them may be few cases.

use libtest_mimic::{Failed, Trial};

use super::{BELOW, Drawn, SENTIMENTS, TWO, audit_both, check, shown, write};

/// How many cases each combination has, the others being empty.
struct Overlapping {
    name: &'static str,
    attributes: &'static [&'static str],
    cells: &'static [(&'static [&'static str], u64)],
    /// How many attributes are combined.
    intersections: usize,
    flags: &'static [&'static str],
}

const MEN_OF_ONE_RACE: &[(&[&str], u64)] = &[
    (&["man", "r1"], 50),
    (&["woman", "r1"], 4),
    (&["woman", "r2"], 60),
];
const COUNTRIES: &[(&[&str], u64)] = &[
    (&["north", "A"], 50),
    (&["north", "B"], 4),
    (&["south", "C"], 12),
    (&["south", "D"], 60),
];

const WORLDS: [Overlapping; 7] = [
    Overlapping {
        name: "men_of_one_race",
        attributes: &["gender", "race"],
        cells: MEN_OF_ONE_RACE,
        intersections: 2,
        flags: &[],
    },
    Overlapping {
        name: "men_of_one_race_at_equal_shares",
        attributes: &["gender", "race"],
        cells: MEN_OF_ONE_RACE,
        intersections: 1,
        flags: &["--control", "race"],
    },
    Overlapping {
        name: "countries_in_regions_combined",
        attributes: &["region", "country"],
        cells: COUNTRIES,
        intersections: 2,
        flags: &[],
    },
    Overlapping {
        name: "countries_in_regions",
        attributes: &["region", "country"],
        cells: COUNTRIES,
        intersections: 1,
        flags: &[],
    },
    Overlapping {
        name: "three_attributes",
        attributes: &["gender", "race", "length"],
        cells: &[
            (&["m", "r0", "l0"], 24),
            (&["m", "r0", "l1"], 21),
            (&["m", "r1", "l0"], 24),
            (&["m", "r1", "l1"], 27),
            (&["w", "r0", "l0"], 39),
            (&["w", "r1", "l0"], 4),
            (&["w", "r1", "l1"], 30),
        ],
        intersections: 3,
        flags: &[],
    },
    // North less A is B among women too, though no table holds all three.
    Overlapping {
        name: "countries_in_regions_by_gender",
        attributes: &["region", "country", "gender"],
        cells: &[
            (&["north", "A", "w"], 50),
            (&["north", "A", "m"], 40),
            (&["north", "B", "w"], 5),
            (&["north", "B", "m"], 30),
            (&["south", "C", "w"], 40),
            (&["south", "C", "m"], 50),
            (&["south", "D", "w"], 60),
            (&["south", "D", "m"], 20),
        ],
        intersections: 2,
        flags: &[],
    },
    // What the country leaves of the region follows from its cities.
    Overlapping {
        name: "cities_in_countries_in_regions",
        attributes: &["region", "country", "city"],
        cells: &[
            (&["north", "A", "a"], 50),
            (&["north", "B", "b"], 40),
            (&["north", "B", "c"], 4),
            (&["south", "C", "d"], 60),
            (&["south", "C", "e"], 6),
            (&["south", "D", "f"], 70),
            (&["south", "", ""], 3),
        ],
        intersections: 1,
        flags: &[],
    },
];

/// Worlds that are drawn.
#[derive(Clone, Copy)]
struct Worlds {
    many: u64,
    /// Whether groups of any attribute may not be known, and groups are compared at equal shares of the others.
    at_equal_shares: bool,
}

const EMPTY: Worlds = Worlds {
    many: 24,
    at_equal_shares: false,
};
const UNKNOWN: Worlds = Worlds {
    many: 30,
    at_equal_shares: true,
};

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = WORLDS
        .iter()
        .map(|world| {
            let name = format!(
                "suppression::nothing_follows_where_groups_overlap::{}",
                world.name
            );
            Trial::test(name, || nothing_follows(world))
        })
        .collect();
    trials.push(Trial::test(
        "suppression::nothing_follows_where_groups_of_four_attributes_are_many",
        four_attributes,
    ));
    for (name, worlds) in [
        ("drawn_combinations_are_empty", EMPTY),
        ("drawn_groups_are_not_known", UNKNOWN),
    ] {
        let name = format!("suppression::nothing_follows_where_{name}");
        trials.push(Trial::test(name, move || drawn(&worlds)));
    }
    trials
}

fn nothing_follows(world: &Overlapping) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut random = Random(7);
    let cells = world.cells.iter().map(|(groups, cases)| {
        let groups = groups.iter().map(|group| (*group).to_owned());
        (groups.collect(), *cases)
    });
    let cells: Vec<(Vec<String>, u64)> = cells.collect();
    let drawn = cases(&mut random, &cells, SENTIMENTS.len());
    let labels = ("sentiment", SENTIMENTS);
    let mut truth = write(folder.path(), labels, world.attributes, drawn, BELOW)?;
    truth.occurring = world.intersections.max(2);
    let most = world.intersections.to_string();
    let flags = [&["--intersections", &most], world.flags].concat();
    let record = audit_both(folder.path(), &flags)?;
    check(&truth, &record, "p", "sentiment")
}

/// A country of one region, of which few are women, among many groups.
fn four_attributes() -> Result<(), Failed> {
    let mut random = Random(5);
    let east = (0..4).map(|country| ("east", format!("e{country}"), [40, 40]));
    let regions = [
        ("south", "s1", [60, 60]),
        ("south", "s2", [40, 40]),
        ("south", "s3", [9, 25]),
        ("north", "n1", [60, 50]),
        ("north", "n2", [70, 60]),
    ];
    let regions = regions.map(|(region, country, cases)| (region, country.to_owned(), cases));
    let mut cells = Vec::new();
    for (region, country, cases) in regions.into_iter().chain(east) {
        for (gender, cases) in ["woman", "man"].iter().zip(cases) {
            let mut ages = [0; 5];
            (0..cases).for_each(|_| ages[random.below(5) as usize] += 1);
            for (age, cases) in ages.iter().enumerate() {
                let groups = [region, &country, gender, &format!("a{age}")];
                cells.push((groups.map(str::to_owned).to_vec(), *cases));
            }
        }
    }
    let folder = tempfile::tempdir()?;
    let names = ["region", "country", "gender", "age"];
    let cases = cases(&mut random, &cells, SENTIMENTS.len());
    let labels = ("sentiment", SENTIMENTS);
    let mut truth = write(folder.path(), labels, &names, cases, BELOW)?;
    truth.occurring = 3;
    let record = audit_both(folder.path(), &["--intersections", "3"])?;
    check(&truth, &record, "p", "sentiment")
}

/// Of worlds with three attributes and many empty combinations.
fn drawn(worlds: &Worlds) -> Result<(), Failed> {
    let (mut values, mut numbers) = (0, 0);
    for seed in 0..worlds.many {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
        let names = ["gender", "race", "length"];
        let levels = names.map(|_| 2 + random.below(2));
        let small = [3, 8, 20][random.below(3) as usize];
        let empty = [15, 30][random.below(2) as usize];
        let blanks = random.below(3) == 0;
        // Groups that are not known come behind the others.
        let unknown = u64::from(worlds.at_equal_shares);
        let [genders, races, lengths] = levels.map(|level| level + unknown);
        let mut cells = Vec::new();
        for place in 0..genders * races * lengths {
            let groups = [
                place % genders,
                place / genders % races,
                place / genders / races,
            ];
            let name = |((name, group), level): ((&&str, u64), u64)| match group {
                group if group == level => String::new(),
                0 if unknown == 0 && blanks && *name == "length" => String::new(),
                group => format!("{}{group}", &name[..1]),
            };
            let groups = names.iter().zip(groups).zip(levels).map(name);
            let groups: Vec<String> = groups.collect();
            let cases = match random.below(100) {
                draw if groups.contains(&String::new()) && unknown > 0 => {
                    draw % 2 * random.below(20)
                }
                draw if draw < small => 1 + random.below(9),
                draw if draw < small + empty => 0,
                _ => 12 + random.below(28),
            };
            cells.push((groups, cases));
        }
        let intersections = 1 + random.below(3) as usize;
        let labels = [TWO, SENTIMENTS][random.below(2) as usize];
        let folder = tempfile::tempdir()?;
        let cases = cases(&mut random, &cells, labels.len());
        let mut truth = write(folder.path(), ("sentiment", labels), &names, cases, BELOW)?;
        truth.occurring = intersections.max(2);
        let most = intersections.to_string();
        let mut flags = vec!["--intersections", &most];
        if worlds.at_equal_shares {
            flags.extend(["--control", "length"]);
            if random.below(2) == 0 {
                flags.extend(["--control", "race"]);
            }
        }
        let record = audit_both(folder.path(), &flags)?;
        let found = shown(&truth, &record, "p", "sentiment");
        let (shown, small) = found.map_err(|failed| {
            let why = failed.message().unwrap_or_default();
            format!("world {seed}, {intersections} combined, {levels:?}: {why}")
        })?;
        values += shown;
        numbers += small;
    }
    if values < 1000 || numbers < 100 {
        return Err(format!("{values} values are shown, {numbers} numbers are small").into());
    }
    Ok(())
}

/// Cases of combinations, of which most are answered rightly.
fn cases(
    random: &mut Random,
    cells: &[(Vec<String>, u64)],
    labels: usize,
) -> impl Iterator<Item = Drawn> {
    let mut drawn = Vec::new();
    for (groups, cases) in cells {
        for _ in 0..*cases {
            let gold = random.below(labels as u64) as usize;
            let mut answer = || match random.below(100) < 70 {
                true => gold,
                false => random.below(labels as u64) as usize,
            };
            drawn.push(Drawn {
                groups: groups.clone(),
                gold,
                answers: [answer(), answer()],
            });
        }
    }
    drawn.into_iter()
}

/// Numbers without a pattern, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        for _ in 0..3 {
            bits = (bits ^ (bits >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        (bits >> 33) % below
    }
}
