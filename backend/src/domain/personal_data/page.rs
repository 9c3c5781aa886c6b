//! The register as a part of `docs/PRIVACY.md`, and the test that the page has it.

use std::fmt::Write as _;

use super::{Data, Erased, Kept, TABLES, Table};

/// The register in words: tables with personal data one by one, then the others.
#[must_use]
pub fn page() -> String {
    let mut text = String::new();
    for table in TABLES.iter().filter(|table| table.is_personal()) {
        let file = table.export.map_or_else(
            || "not exported".to_owned(),
            |file| format!("`{file}.json`, `{file}.csv`"),
        );
        let _ = writeln!(
            text,
            "### `{}`\n\n{}.\n\n- Kept: {}\n- Seen by: {}\n- In an export: {file}\n- When the person is erased: {}\n",
            table.name,
            capital(table.what),
            kept(table.kept),
            table.seen_by,
            erased(table.erased),
        );
        text.push_str("| column | what for |\n|---|---|\n");
        for column in table.columns {
            let purpose = match column.data {
                Data::Personal(purpose) | Data::Fleeting(purpose) => purpose,
                Data::Key => "ties the row to others",
                Data::Other => "somebody else's id",
                Data::Secret => "protects a secret, or stands for one; never leaves the database",
                Data::Inner => continue,
            };
            let _ = writeln!(text, "| `{}` | {purpose} |", column.name);
        }
        text.push('\n');
    }
    text.push_str(
        "### Tables without personal data\n\nIds of people may stand in them; nothing about them does.\n\n| table | what | kept | why it outlives an erasure |\n|---|---|---|---|\n",
    );
    for table in TABLES.iter().filter(|table| !table.is_personal()) {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            table.name,
            table.what,
            kept(table.kept),
            stays(table),
        );
    }
    text
}

fn stays(table: &Table) -> &'static str {
    match table.erased {
        Erased::Stays(reason) => reason,
        Erased::Removed | Erased::Blanked => "",
    }
}

fn kept(kept: Kept) -> String {
    match kept {
        Kept::Account => "as long as the account".to_owned(),
        Kept::Activity(column) => format!(
            "as long as the organization keeps activity (`retention_days`), counted from `{column}`"
        ),
        Kept::Behind(column, 0) => format!("until `{column}`"),
        Kept::Behind(column, days) => format!("until {days} days after `{column}`"),
        Kept::Moments => "seconds, until it has been looked at".to_owned(),
        Kept::Hours(hours) => format!("{hours} hours"),
        Kept::Organization => "as long as the organization".to_owned(),
        Kept::Server => "as long as the server".to_owned(),
    }
}

fn erased(erased: Erased) -> String {
    match erased {
        Erased::Removed => "the rows are removed".to_owned(),
        Erased::Blanked => {
            "the rows stay, because others point to them, and are blanked: nothing in them tells who or what it was".to_owned()
        }
        Erased::Stays(reason) => format!("they stay: {reason}"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str =
        "<!-- The register begins. UPDATE_DOCS=1 cargo test -p workpulse-server privacy -->\n";
    const END: &str = "<!-- The register ends. -->";

    #[test]
    fn the_privacy_page_tells_what_the_register_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PRIVACY.md");
        let text = std::fs::read_to_string(path).expect("docs/PRIVACY.md is there");
        let (before, rest) = text.split_once(BEGIN).expect("it has the register's begin");
        let (found, after) = rest.split_once(END).expect("and its end");
        let wanted = format!("\n{}\n", page().trim_end());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let text = format!("{before}{BEGIN}{wanted}\n{END}{after}");
            std::fs::write(path, text).expect("written");
            return;
        }
        assert!(
            found.trim() == wanted.trim(),
            "docs/PRIVACY.md does not say what is kept now. Run: UPDATE_DOCS=1 cargo test -p workpulse-server privacy"
        );
    }

    #[test]
    fn every_table_is_on_the_page() {
        let page = page();
        for table in TABLES {
            assert!(
                page.contains(&format!("`{}`", table.name)),
                "{}",
                table.name
            );
        }
    }
}
