//! What is offered behind a command.

use super::{offered, offers, shows};

#[test]
fn a_command_is_offered_its_name_and_its_argument() {
    offers(".sc¦", &[".schema", ".scripts"]);
    offers("  .qu¦", &[".quit"]);
    assert_eq!(offered("  .qu¦").0, 2);
    shows(".timer¦", &[".timer [on | off]  whether each answer says how long it took"]);
    shows(".run pl¦", &["pledged_per_missile  Pledged finance per missile"]);
    offers(".schema ¦", &["figures", "last", "pledges"]);
    offers(".mode j¦", &["json", "jsonl"]);
    shows(".why F3¦", &["F30  additional missiles"]);
    offers(".why 1 t¦", &["total"]);
    shows(
        ".assume ¦",
        &[
            "A1         the gathering is the summit",
            "F29        UK would provide export finance",
            "F30        additional missiles",
            "none       what the sources state, and nothing else",
            "prefer=S1  a news text",
            "prefer=S2  a second news text",
        ],
    );
    offers(".assume F29=1 F3¦", &["F30"]);
    offers(".assume F29=¦", &[]);
    offers(".assume prefer=¦", &["prefer=S1", "prefer=S2"]);
    offers(".assume A1 prefer=s2¦", &["prefer=S2"]);
    offers(".quit x¦", &[]);
    offers(".help per¦", &["percent"]);
    offers(".help prov¦", &["provider"]);
    offers(".read Cargo.to¦", &["Cargo.toml"]);
    offers(".run ./scripts/pre¦", &["./scripts/prelude.rhai"]);
}

#[test]
fn a_script_is_offered_its_parameters_and_their_values() {
    shows(
        ".run pledged_per_missile ¦",
        &[
            "--help          what the script answers, and what it takes",
            "--places <INT>  decimal places to print",
            "--sort-by <>",
        ],
    );
    offers(".run pledged-per-missile --p¦", &["--places"]);
    offers(".run pledged_per_missile --places 2 --¦", &["--help", "--sort-by"]);
    offers(".run pledged_per_missile --places=2 --p¦", &[]);
    offers(".run pledged_per_missile --sort-by ¦", &["fact", "stage"]);
    offers(".run pledged_per_missile --sort_by=s¦", &["stage"]);
    offers(".run pledged_per_missile --places ¦", &[]);
    offers(".run nowhere --¦", &[]);
}
