#!/usr/bin/env bash
# Start-up, the bundled audit, the size of the program, sentences per second and an audit of a million cases.
# Usage: benches/speed.sh [PROGRAM]; builds the release program where none is named. Needs GNU time and Python 3.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then
  program="$1"
else
  cargo build --release --quiet
  program="${CARGO_TARGET_DIR:-target}/release/affect-audit"
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The median of five wall-clock times, in seconds, and the largest memory of a run.
median() {
  for _ in 1 2 3 4 5; do
    /usr/bin/time -a -o "$work/times" -f "%e %M" "$@" > /dev/null 2> /dev/null || true
  done
  grep -E '^[0-9]' "$work/times" | sort -n | sed -n 3p
  rm "$work/times"
}

echo "size of the program: $(($(stat -c %s "$program") / 1000000)) MB"
echo "--help, s and KB: $(median "$program" --help)"
echo "bundled audit, s and KB: $(median "$program" audit --quiet --out "$work/out")"

python3 - "$work" <<'PYTHON'
import csv, pathlib, random, sys

work = pathlib.Path(sys.argv[1])
random.seed(1)
texts = [row["text"] for row in csv.DictReader(open("datasets/everyday-english/cases.csv", encoding="utf-8"))]
card = 'name = "{name}"\n'
folder = work / "sentences"
folder.mkdir()
(folder / "dataset.toml").write_text(card.format(name="sentences"))
with open(folder / "cases.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["id", "text"])
    # No two are equal, since equal texts are scored once.
    for case in range(200_000):
        writer.writerow([case, f"{random.choice(texts)} {case}"])

folder = work / "million"
folder.mkdir()
labels = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
attributes = {"a": 2, "b": 3, "c": 4, "d": 6, "e": 8, "f": 12}
lines = [card.format(name="million"), '[tasks.emotion]\nscheme = "ekman"\nsource = "perceived"\n']
for name in attributes:
    lines.append(f'[attributes.{name}]\nabout = "author"\nkind = "demographic"\n')
(folder / "dataset.toml").write_text("".join(lines))
with open(folder / "cases.csv", "w", newline="") as file, open(work / "answers.csv", "w", newline="") as answers:
    cases, answers = csv.writer(file), csv.writer(answers)
    cases.writerow(["id", "emotion", *attributes])
    answers.writerow(["id", "label"])
    for case in range(1_000_000):
        gold = random.choice(labels)
        cases.writerow([case, gold, *(random.randrange(size) for size in attributes.values())])
        answers.writerow([case, gold if random.random() < 0.6 else random.choice(labels)])

# Groups of unequal sizes, as surveys have them.
folder = work / "survey"
folder.mkdir()
attributes = {"country": 50, "language": 12, "age": 6, "gender": 3}
lines = [card.format(name="survey"), '[tasks.emotion]\nscheme = "ekman"\nsource = "perceived"\n']
for name in attributes:
    lines.append(f'[attributes.{name}]\nabout = "author"\nkind = "demographic"\n')
(folder / "dataset.toml").write_text("".join(lines))
with open(folder / "cases.csv", "w", newline="") as file, open(work / "survey.csv", "w", newline="") as answers:
    cases, answers = csv.writer(file), csv.writer(answers)
    cases.writerow(["id", "emotion", *attributes])
    answers.writerow(["id", "label"])
    for case in range(20_000):
        gold = random.choice(labels)
        groups = [min(int(random.expovariate(3 / size)), size - 1) for size in attributes.values()]
        cases.writerow([case, gold, *groups])
        answers.writerow([case, gold if random.random() < 0.6 else random.choice(labels)])
PYTHON

for model in reference:emotion reference:sentiment; do
  seconds="$(median "$program" predict --quiet --model "$model" --dataset "$work/sentences" --force -o "$work/p.csv" | cut -d' ' -f1)"
  echo "$model, 200,000 sentences read, scored and written: $seconds s ($(python3 -c "print(round(200000 / $seconds))") a second)"
done
echo "1,000,000 cases x 6 attributes, 1,000 replicates, reading included, s and KB: $(median "$program" audit --quiet --dataset "$work/million" --predictions "$work/answers.csv" --format json --out "$work/out")"
survey=("$program" audit --quiet --dataset "$work/survey" --predictions "$work/survey.csv" --format json --out "$work/out")
echo "20,000 cases in 50 countries, 12 languages, 6 ages and 3 genders, s and KB: $(median "${survey[@]}")"
echo "the same at equal shares of ages and genders, s and KB: $(median "${survey[@]}" --control age --control gender)"
