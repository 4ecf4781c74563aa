//! An attacker who has a record and nothing else: writes down every number that is shown of groups as a linear equation
//! in what is not (cases, right answers and false alarms of each finest group and label), and asks which small numbers
//! follow. Exact where it answers: a number follows when it lies in the span of what is shown (Hundepool et al. 2012,
//! Statistical Disclosure Control, section 4.2).

use std::collections::BTreeMap;

use serde_json::Value;

/// A group of each attribute, none where it is not known.
pub type Cell = Vec<Option<String>>;

/// What is known of the data that was audited, to tell small cells and to see that the attacker is right.
pub struct Truth {
    /// The attributes whose groups are attacked together.
    pub attributes: Vec<String>,
    pub labels: Vec<String>,
    /// Whether a case has several labels.
    pub multi_label: bool,
    /// Of how many attributes a reader knows which combinations of groups occur.
    pub occurring: usize,
    /// By case: its groups, its gold labels, the labels of the answer.
    pub cases: Vec<(Cell, Vec<usize>, Vec<usize>)>,
}

impl Truth {
    /// The combinations of groups that may occur as far as a reader knows.
    fn possible(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self.cases.iter().map(|case| case.0.clone()).collect();
        cells.sort();
        cells.dedup();
        let attributes = self.attributes.len();
        let mut possible: Vec<Cell> = vec![Vec::new()];
        for place in 0..attributes {
            let mut groups: Vec<&Option<String>> = cells.iter().map(|cell| &cell[place]).collect();
            groups.sort();
            groups.dedup();
            let longer = possible.iter().flat_map(|cell| {
                let groups = groups.iter();
                groups.map(move |group| [cell.as_slice(), &[(*group).clone()]].concat())
            });
            possible = longer.collect();
        }
        let parts = (1..1_u32 << attributes)
            .filter(|part| part.count_ones() as usize <= self.occurring)
            .collect::<Vec<u32>>();
        let occurs = |cell: &Cell, part: u32| {
            let agrees = |other: &Cell| {
                let mut places = (0..attributes).filter(|place| part >> place & 1 == 1);
                places.all(|place| other[place] == cell[place])
            };
            cells.iter().any(agrees)
        };
        possible.retain(|cell| parts.iter().all(|part| occurs(cell, *part)));
        possible
    }
}

/// What is counted of a cell: cases, right answers, and what concerns a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    Cases,
    Right,
    Labelled(usize),
    Found(usize),
    FalseAlarms(usize),
}

type Row = BTreeMap<usize, f64>;

/// The equations of one model on one dataset and task.
pub struct Attack<'a> {
    truth: &'a Truth,
    cells: Vec<Cell>,
    /// Coefficients and value.
    rows: Vec<(Row, f64)>,
}

impl<'a> Attack<'a> {
    /// Reads a record. `labels` are those of the evaluation.
    pub fn new(truth: &'a Truth, record: &Value, model: &str, task: &str) -> Self {
        let cells = truth.possible();
        let mut attack = Attack {
            truth,
            cells,
            rows: Vec::new(),
        };
        attack.definitions();
        let all = record["measurements"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let own: Vec<&Value> = all
            .iter()
            .filter(|m| m["model"] == model && m["task"] == task)
            .filter(|m| attack.slice(m).is_some())
            .collect();
        for measurement in &own {
            attack.read(measurement, &own);
        }
        attack.contrasts(record, model);
        attack.group_counts(record);
        attack
    }

    fn variable(&self, cell: usize, count: Count) -> usize {
        let labels = self.truth.labels.len();
        let place = match count {
            Count::Cases => 0,
            Count::Right => 1,
            Count::Labelled(label) => 2 + label,
            Count::Found(label) => 2 + labels + label,
            Count::FalseAlarms(label) => 2 + 2 * labels + label,
        };
        cell * (2 + 3 * labels) + place
    }

    /// A count of all cells that a slice holds; a slice names attribute and group, or no group where it is not known.
    fn of(&self, slice: &[(String, Option<String>)], count: Count, factor: f64) -> Row {
        let mut row = Row::new();
        for (number, cell) in self.cells.iter().enumerate() {
            let holds = |(attribute, group): &(String, Option<String>)| {
                let mut attributes = self.truth.attributes.iter();
                let place = attributes.position(|own| own == attribute);
                place.is_some_and(|place| cell[place] == *group)
            };
            if slice.iter().all(holds) {
                row.insert(self.variable(number, count), factor);
            }
        }
        row
    }

    fn add(&mut self, parts: Vec<Row>, value: f64) {
        let mut row = Row::new();
        for (variable, factor) in parts.into_iter().flatten() {
            *row.entry(variable).or_insert(0.0) += factor;
        }
        self.rows.push((row, value));
    }

    /// What holds whatever the data: with one label a case, labels make up all cases, and what is found all that is right.
    fn definitions(&mut self) {
        if self.truth.multi_label {
            return;
        }
        for cell in 0..self.cells.len() {
            let one = |count, factor| Row::from([(self.variable(cell, count), factor)]);
            let (mut cases, mut right) =
                (vec![one(Count::Cases, -1.0)], vec![one(Count::Right, -1.0)]);
            // Every answer is one of the labels: what is not right is a false alarm.
            let mut wrong = vec![one(Count::Cases, -1.0), one(Count::Right, 1.0)];
            for label in 0..self.truth.labels.len() {
                cases.push(one(Count::Labelled(label), 1.0));
                right.push(one(Count::Found(label), 1.0));
                wrong.push(one(Count::FalseAlarms(label), 1.0));
            }
            for parts in [cases, right, wrong] {
                self.add(parts, 0.0);
            }
            if let 2 = self.truth.labels.len() {
                for (label, other) in [(0, 1), (1, 0)] {
                    let one = |count, factor| Row::from([(self.variable(cell, count), factor)]);
                    let parts = vec![
                        one(Count::FalseAlarms(label), 1.0),
                        one(Count::Found(other), 1.0),
                        one(Count::Labelled(other), -1.0),
                    ];
                    self.add(parts, 0.0);
                }
            }
        }
    }

    fn slice(&self, measurement: &Value) -> Option<Vec<(String, Option<String>)>> {
        let slice = measurement["slice"].as_object()?;
        let known = |name: &String| self.truth.attributes.contains(name);
        slice.keys().all(known).then(|| {
            let pairs = slice.iter();
            pairs
                .map(|(name, group)| (name.clone(), group.as_str().map(str::to_owned)))
                .collect()
        })
    }

    /// The trials and the hits of a measure of a slice, as sums of counts.
    fn share(
        &self,
        measurement: &Value,
        slice: &[(String, Option<String>)],
        factor: f64,
    ) -> Option<[Vec<Row>; 2]> {
        let label = measurement["label"].as_str();
        let label = label.and_then(|name| self.truth.labels.iter().position(|label| label == name));
        let of = |count, sign: f64| self.of(slice, count, sign * factor);
        Some(match (measurement["measure"].as_str()?, label) {
            ("accuracy" | "subset-accuracy", None) => {
                [vec![of(Count::Cases, 1.0)], vec![of(Count::Right, 1.0)]]
            }
            ("recall", Some(label)) => [
                vec![of(Count::Labelled(label), 1.0)],
                vec![of(Count::Found(label), 1.0)],
            ],
            ("false-positive-rate", Some(label)) => [
                vec![of(Count::Cases, 1.0), of(Count::Labelled(label), -1.0)],
                vec![of(Count::FalseAlarms(label), 1.0)],
            ],
            ("selection-rate", Some(label)) => [
                vec![of(Count::Cases, 1.0)],
                vec![
                    of(Count::Found(label), 1.0),
                    of(Count::FalseAlarms(label), 1.0),
                ],
            ],
            _ => return None,
        })
    }

    fn read(&mut self, measurement: &Value, all: &[&Value]) {
        let Some(slice) = self.slice(measurement) else {
            return;
        };
        let Some([trials, hits]) = self.share(measurement, &slice, 1.0) else {
            return;
        };
        let kind = measurement["comparison"]["kind"].as_str();
        let n = measurement["n"].as_u64().unwrap_or_default();
        let reason = measurement["undefined"]["reason"].as_str();
        let value = measurement["estimate"].as_f64();
        match kind {
            None => {
                if n > 0 || reason == Some("no-cases") {
                    self.add(trials, n as f64);
                }
                if let Some(value) = value {
                    self.add(hits, (value * n as f64).round());
                }
            }
            Some(kind) => {
                let Some(value) = value else { return };
                if kind == "difference-given" {
                    return self.given(measurement, &slice, value);
                }
                let own = all.iter().find(|other| {
                    other["comparison"].is_null()
                        && ["measure", "label", "slice"]
                            .iter()
                            .all(|key| other[*key] == measurement[*key])
                });
                let Some(own) = own.and_then(|own| own["estimate"].as_f64()) else {
                    return;
                };
                let (other, of_group) = match kind {
                    "difference-to-others" | "worst-difference" => (own - value, None),
                    "ratio-to-others" if value > 0.0 => (own / value, None),
                    "difference-to-group" => {
                        (own - value, measurement["comparison"]["group"].as_str())
                    }
                    "difference-to-model" => return,
                    _ => return,
                };
                // The hits of the other side less its value times its trials are nothing.
                let known: Vec<Vec<(String, Option<String>)>> = match of_group {
                    Some(group) => {
                        let mut wanted: Vec<&str> = group.split(" and ").collect();
                        wanted.sort_unstable();
                        let mut others = self.others(&slice);
                        others.retain(|other| {
                            let groups = other.iter().filter_map(|(_, group)| group.as_deref());
                            let mut groups: Vec<&str> = groups.collect();
                            groups.sort_unstable();
                            groups == wanted
                        });
                        others
                    }
                    None => self.others(&slice),
                };
                let mut parts = Vec::new();
                for side in known {
                    let hits = self.share(measurement, &side, 1.0).map(|[_, hits]| hits);
                    let trials = self
                        .share(measurement, &side, -other)
                        .map(|[trials, _]| trials);
                    parts.extend(
                        hits.into_iter()
                            .flatten()
                            .chain(trials.into_iter().flatten()),
                    );
                }
                self.add(parts, 0.0);
            }
        }
    }

    /// A difference at equal shares of control attributes is a sum of hits, if the attacker knows how many cases each
    /// stratum has: such numbers may be found elsewhere.
    fn given(&mut self, measurement: &Value, slice: &[(String, Option<String>)], value: f64) {
        let controls = measurement["comparison"]["controls"].as_array();
        let controls: Vec<&str> = controls
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let place = |control: &str| {
            let mut attributes = self.truth.attributes.iter();
            attributes.position(|own| own == control)
        };
        let Some(places) = controls
            .iter()
            .map(|control| place(control))
            .collect::<Option<Vec<usize>>>()
        else {
            return;
        };
        let mut strata: Vec<Vec<(String, Option<String>)>> = self
            .cells
            .iter()
            .map(|cell| {
                let group =
                    |place: &usize| (self.truth.attributes[*place].clone(), cell[*place].clone());
                places.iter().map(group).collect()
            })
            .collect();
        strata.sort();
        strata.dedup();
        strata.retain(|stratum| stratum.iter().all(|(_, group)| group.is_some()));
        let others = self.others(slice);
        let (mut parts, mut all) = (Vec::new(), 0.0);
        for stratum in strata {
            let within = |side: &[(String, Option<String>)]| [side, &stratum].concat();
            let sides = [
                (1.0, vec![within(slice)]),
                (-1.0, others.iter().map(|other| within(other)).collect()),
            ];
            let trials = sides.each_ref().map(|(_, slices)| -> f64 {
                let of_slice = |side: &Vec<(String, Option<String>)>| {
                    self.share(measurement, side, 1.0)
                        .map_or(0.0, |[trials, _]| self.truth_of(&trials))
                };
                slices.iter().map(of_slice).sum()
            });
            if trials.contains(&0.0) {
                continue;
            }
            let weight = trials[0] + trials[1];
            all += weight;
            for ((sign, slices), trials) in sides.iter().zip(trials) {
                for side in slices {
                    let hits = self.share(measurement, side, sign * weight / trials);
                    parts.extend(hits.into_iter().flat_map(|[_, hits]| hits));
                }
            }
        }
        self.add(parts, value * all);
    }

    /// What a sum of counts comes to in truth.
    fn truth_of(&self, rows: &[Row]) -> f64 {
        let labels = self.truth.labels.len();
        let each = rows.iter().flatten().map(|(variable, factor)| {
            let (cell, place) = (variable / (2 + 3 * labels), variable % (2 + 3 * labels));
            let count = match place {
                0 => Count::Cases,
                1 => Count::Right,
                place if place < 2 + labels => Count::Labelled(place - 2),
                place if place < 2 + 2 * labels => Count::Found(place - 2 - labels),
                place => Count::FalseAlarms(place - 2 - 2 * labels),
            };
            let names = self.truth.attributes.iter().cloned();
            let slice: Vec<(String, Option<String>)> =
                names.zip(self.cells[cell].iter().cloned()).collect();
            factor * self.cases(&slice, count) as f64
        });
        each.sum()
    }

    /// All other groups that are known.
    fn others(&self, slice: &[(String, Option<String>)]) -> Vec<Vec<(String, Option<String>)>> {
        let attributes: Vec<&String> = slice.iter().map(|(attribute, _)| attribute).collect();
        let mut groups: Vec<Vec<(String, Option<String>)>> = self
            .cells
            .iter()
            .map(|cell| {
                let place =
                    |name: &&String| self.truth.attributes.iter().position(|own| own == *name);
                attributes
                    .iter()
                    .map(|name| {
                        (
                            (*name).clone(),
                            place(name).and_then(|place| cell[place].clone()),
                        )
                    })
                    .collect()
            })
            .collect();
        groups.sort();
        groups.dedup();
        let unknown =
            |group: &Vec<(String, Option<String>)>| group.iter().any(|(_, group)| group.is_none());
        groups.retain(|group| group != slice && !unknown(group));
        groups
    }

    /// The contrast tells of the emotion model what its skill at one emotion tells, and how many cases have it.
    fn contrasts(&mut self, record: &Value, model: &str) {
        for contrast in record["contrasts"].as_array().cloned().unwrap_or_default() {
            let label = contrast["label"].as_str();
            let place =
                label.and_then(|name| self.truth.labels.iter().position(|label| label == name));
            let (Some(slice), Some(label)) = (self.slice(&contrast), place) else {
                continue;
            };
            if contrast["emotion_model"] != model {
                continue;
            }
            let n = contrast["n"].as_f64().unwrap_or_default();
            self.add(vec![self.of(&slice, Count::Labelled(label), 1.0)], n);
            let all = self.cases(&slice, Count::Cases) as f64;
            if let Some(skill) = contrast["emotion"]["estimate"].as_f64().filter(|_| all > n) {
                let found = self.of(&slice, Count::Found(label), 1.0 / n);
                let alarms = self.of(&slice, Count::FalseAlarms(label), -1.0 / (all - n));
                self.add(vec![found, alarms], skill);
            }
        }
    }

    /// The sizes of groups as the description of the data has them. How many cases lack a group is shown by intent.
    fn group_counts(&mut self, record: &Value) {
        for attribute in record["datasets"][0]["attributes"]
            .as_array()
            .cloned()
            .unwrap_or_default()
        {
            let name = attribute["name"].as_str().unwrap_or_default().to_owned();
            if !self.truth.attributes.contains(&name) {
                continue;
            }
            for group in attribute["groups"].as_array().cloned().unwrap_or_default() {
                let slice = [(name.clone(), group["name"].as_str().map(str::to_owned))];
                let row = self.of(&slice, Count::Cases, 1.0);
                if !row.is_empty() {
                    self.add(vec![row], group["count"].as_f64().unwrap_or_default());
                }
            }
            let blanks = attribute["blanks"].as_f64().unwrap_or_default();
            self.add(vec![self.of(&[(name, None)], Count::Cases, 1.0)], blanks);
        }
    }

    /// What is true of a slice.
    pub fn cases(&self, slice: &[(String, Option<String>)], count: Count) -> u64 {
        let within = |cell: &Cell| {
            slice.iter().all(|(attribute, group)| {
                let mut attributes = self.truth.attributes.iter();
                attributes
                    .position(|own| own == attribute)
                    .is_some_and(|place| cell[place] == *group)
            })
        };
        let counts = |(_, gold, answer): &&(Cell, Vec<usize>, Vec<usize>)| match count {
            Count::Cases => true,
            Count::Right => gold == answer,
            Count::Labelled(label) => gold.contains(&label),
            Count::Found(label) => gold.contains(&label) && answer.contains(&label),
            Count::FalseAlarms(label) => !gold.contains(&label) && answer.contains(&label),
        };
        self.truth
            .cases
            .iter()
            .filter(|case| within(&case.0))
            .filter(counts)
            .count() as u64
    }

    /// Every slice that there is a value of, and the cases whose group is not known.
    fn slices(&self) -> Vec<Vec<(String, Option<String>)>> {
        let attributes = &self.truth.attributes;
        let mut slices = Vec::new();
        for chosen in 1..1_u32 << attributes.len() {
            for cell in &self.cells {
                let places = (0..attributes.len()).filter(|place| chosen >> place & 1 == 1);
                slices.push(
                    places
                        .map(|place| (attributes[place].clone(), cell[place].clone()))
                        .collect(),
                );
            }
        }
        slices.sort();
        slices.dedup();
        slices
    }

    /// The numbers about fewer than `below` cases that follow, and how many such numbers there are.
    pub fn holes(&self, below: u64) -> (Vec<String>, usize) {
        let width = self.variable(self.cells.len(), Count::Cases);
        let solved = Solved::new(&self.rows, width);
        let (mut holes, mut small) = (Vec::new(), 0);
        let few = |cases: u64| cases > 0 && cases < below;
        for of in self.slices() {
            let cases = self.cases(&of, Count::Cases);
            let mut wanted = Vec::new();
            // Cases whose group is not known are no group.
            if of.iter().any(|(_, group)| group.is_none()) {
                continue;
            }
            if few(cases) {
                wanted.extend([Count::Right, Count::Cases]);
            }
            for label in 0..self.truth.labels.len() {
                let with = self.cases(&of, Count::Labelled(label));
                if few(with) || few(cases) {
                    wanted.extend([Count::Labelled(label), Count::Found(label)]);
                }
                if few(cases - with) {
                    wanted.push(Count::FalseAlarms(label));
                }
            }
            for count in wanted {
                small += 1;
                if let Some(value) = solved.value(self.of(&of, count, 1.0)) {
                    let truth = self.cases(&of, count) as f64;
                    assert!(
                        (value - truth).abs() < 1e-3,
                        "{of:?} {count:?}: {value} is worked out, {truth} is true"
                    );
                    holes.push(format!("{of:?} {count:?}: {value}"));
                }
            }
        }
        (holes, small)
    }
}

/// Equations in echelon form.
struct Solved {
    /// By its first variable, a row that has it with the factor 1.
    pivots: BTreeMap<usize, (Vec<f64>, f64)>,
    width: usize,
}

impl Solved {
    fn new(rows: &[(Row, f64)], width: usize) -> Self {
        let mut solved = Solved {
            pivots: BTreeMap::new(),
            width,
        };
        for (row, value) in rows {
            let (mut rest, mut left) = solved.reduce(row.clone(), *value);
            let largest = (0..width).max_by(|a, b| rest[*a].abs().total_cmp(&rest[*b].abs()));
            let Some(pivot) = largest.filter(|variable| rest[*variable].abs() > 1e-7) else {
                continue;
            };
            let scale = rest[pivot];
            rest.iter_mut().for_each(|entry| *entry /= scale);
            left /= scale;
            for (other, of_other) in solved.pivots.values_mut() {
                let factor = other[pivot];
                if factor != 0.0 {
                    for (entry, of_row) in other.iter_mut().zip(&rest) {
                        *entry -= factor * of_row;
                    }
                    *of_other -= factor * left;
                }
            }
            solved.pivots.insert(pivot, (rest, left));
        }
        solved
    }

    /// What is left of a row when everything that is known is taken out.
    fn reduce(&self, row: Row, value: f64) -> (Vec<f64>, f64) {
        let (mut rest, mut left) = (vec![0.0; self.width], value);
        for (variable, factor) in row {
            rest[variable] = factor;
        }
        for (pivot, (of_pivot, value)) in &self.pivots {
            let factor = rest[*pivot];
            if factor.abs() > 1e-12 {
                for (entry, of_row) in rest.iter_mut().zip(of_pivot) {
                    *entry -= factor * of_row;
                }
                left -= factor * value;
            }
        }
        (rest, left)
    }

    /// The value of a sum of variables, where it follows.
    fn value(&self, row: Row) -> Option<f64> {
        let (rest, left) = self.reduce(row, 0.0);
        rest.iter().all(|entry| entry.abs() < 1e-6).then_some(-left)
    }
}
