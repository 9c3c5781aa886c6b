//! What is kept about people: every table and every column, once.
//!
//! Owns the register of processing: what a column is for, how long it is kept, in which file
//! of an export it is found, what becomes of it when a person is erased. Export, erasure,
//! retention, `docs/PRIVACY.md` and the tests all read this list, so that a column cannot be
//! in one of them and be forgotten by another. Must not know SQL: `store::personal` makes the
//! texts.
//!
//! A new table or column is added to `tables.rs`, in the order in which rows may be removed:
//! whatever points to a table stands before it.

mod page;
mod tables;

pub use page::page;
pub use tables::TABLES;

/// A table, and what is done with its rows.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name in the database.
    pub name: &'static str,
    /// What a row is, in words for people.
    pub what: &'static str,
    /// Whose rows are whose.
    pub whose: Whose,
    /// Columns that name one row.
    pub key: &'static [&'static str],
    /// The order of its rows in an export; the key where empty.
    pub order: &'static [&'static str],
    /// Its files in an export, without their endings; absent: not exported.
    pub export: Option<&'static str>,
    /// How long rows are kept.
    pub kept: Kept,
    /// What becomes of a person's rows when that person is erased.
    pub erased: Erased,
    /// Who is shown it.
    pub seen_by: &'static str,
    /// Each of its columns, in the order of the migrations.
    pub columns: &'static [Column],
}

/// Whose rows are whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: no personal data, apart from the ids of those who acted.
    Nobody,
    /// Of the person whom this column names.
    Person(&'static str),
    /// Of the person who has the address in this column.
    Address(&'static str),
    /// Of all of these.
    Any(&'static [Whose]),
    /// Of the person who has the address of a row in another table: own column, that table, its
    /// key, its address.
    ThroughAddress(&'static str, &'static str, &'static str, &'static str),
    /// Of the person of a row in another table: own column, that table, its key, its person.
    Through(&'static str, &'static str, &'static str, &'static str),
}

/// How long rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// As long as the account: until the person is erased.
    Account,
    /// As long as the organization keeps activity (`retention_days`), counted from this column.
    Activity(&'static str),
    /// Until so many days behind the instant in this column.
    Behind(&'static str, i64),
    /// Until it has been looked at: seconds.
    Moments,
    /// For so many hours.
    Hours(i64),
    /// As long as the organization.
    Organization,
    /// As long as the server.
    Server,
}

/// What becomes of a person's rows when that person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// They are removed.
    Removed,
    /// They stay, for others point to them; their columns are blanked.
    Blanked,
    /// They stay as they are, for this reason.
    Stays(&'static str),
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the database.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it has to do with a person.
    pub data: Data,
    /// What it holds after its person was erased, in a table whose rows are blanked.
    pub blank: Blank,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A UUID.
    Id,
    /// An instant.
    Instant,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// A calendar day.
    Day,
    /// JSON.
    Json,
    /// Bytes: a hash or a salt.
    Bytes,
    /// A text in any words.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// What a column has to do with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// Says something about the person, and is kept for this purpose. Exported.
    Personal(&'static str),
    /// Names the row, or ties it to another. Exported.
    Key,
    /// Says something about somebody, but is gone within moments. Not exported.
    Fleeting(&'static str),
    /// Bookkeeping of the server. Not exported.
    Inner,
    /// Somebody else's id. Not exported.
    Other,
    /// A hash of a secret, or what protects one. Never leaves the database.
    Secret,
}

/// What a blanked column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// What it held before: it says nothing about the person.
    Unchanged,
    /// Nothing.
    Null,
    /// This text.
    Text(&'static str),
    /// This number.
    Number(i64),
    /// The first instant of 1970.
    Epoch,
    /// The row's id, as an address that nobody can have.
    Address,
}

impl Table {
    /// Whether the table's rows belong to people.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.whose != Whose::Nobody
    }

    /// The columns that an export shows.
    pub fn exported(&self) -> impl Iterator<Item = &'static Column> {
        self.columns
            .iter()
            .filter(|column| matches!(column.data, Data::Personal(_) | Data::Key))
    }

    /// The table with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }
}

impl Column {
    /// A column that says something about the person.
    #[must_use]
    pub const fn personal(name: &'static str, kind: Kind, purpose: &'static str) -> Self {
        Self::new(name, kind, Data::Personal(purpose))
    }

    /// An id that names the row or ties it to another.
    #[must_use]
    pub const fn key(name: &'static str) -> Self {
        Self::new(name, Kind::Id, Data::Key)
    }

    /// Bookkeeping.
    #[must_use]
    pub const fn inner(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Data::Inner)
    }

    /// Somebody else's id.
    #[must_use]
    pub const fn other(name: &'static str) -> Self {
        Self::new(name, Kind::Id, Data::Other)
    }

    /// A hash of a secret.
    #[must_use]
    pub const fn secret(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Data::Secret)
    }

    /// The same column, with what it holds after an erasure.
    #[must_use]
    pub const fn blanked(mut self, blank: Blank) -> Self {
        self.blank = blank;
        self
    }

    const fn new(name: &'static str, kind: Kind, data: Data) -> Self {
        Self {
            name,
            kind,
            data,
            blank: Blank::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn own_columns(whose: Whose) -> Vec<&'static str> {
        match whose {
            Whose::Nobody => Vec::new(),
            Whose::Person(column)
            | Whose::Address(column)
            | Whose::Through(column, ..)
            | Whose::ThroughAddress(column, ..) => vec![column],
            Whose::Any(all) => all.iter().copied().flat_map(own_columns).collect(),
        }
    }

    #[test]
    fn fleeting_data_is_in_tables_that_are_emptied_within_moments() {
        for table in TABLES {
            let fleeting = table
                .columns
                .iter()
                .any(|column| matches!(column.data, Data::Fleeting(_)));
            assert_eq!(fleeting, table.kept == Kept::Moments, "{}", table.name);
        }
    }

    #[test]
    fn names_are_unique_and_keys_and_people_are_columns() {
        let names: BTreeSet<_> = TABLES.iter().map(|table| table.name).collect();
        assert_eq!(names.len(), TABLES.len());
        let files: Vec<_> = TABLES.iter().filter_map(|table| table.export).collect();
        assert_eq!(files.iter().collect::<BTreeSet<_>>().len(), files.len());
        for table in TABLES {
            let has = |name: &str| table.columns.iter().any(|column| column.name == name);
            let own = own_columns(table.whose);
            let counted = match table.kept {
                Kept::Activity(column) | Kept::Behind(column, _) => Some(column),
                _ => None,
            };
            for column in table
                .key
                .iter()
                .chain(table.order)
                .copied()
                .chain(own)
                .chain(counted)
            {
                assert!(has(column), "{} has no {column}", table.name);
            }
            assert!(!table.key.is_empty(), "{}", table.name);
        }
    }

    #[test]
    fn what_says_something_about_a_person_is_exported_and_does_not_survive_an_erasure() {
        for table in TABLES {
            let says = table
                .columns
                .iter()
                .any(|column| matches!(column.data, Data::Personal(_)));
            assert!(
                !says || table.is_personal(),
                "{}: say in `whose` whose rows these are",
                table.name
            );
            assert!(
                !says || table.export.is_some(),
                "{}: name its file in `export`",
                table.name
            );
            if table.erased != Erased::Blanked {
                continue;
            }
            for column in table.columns {
                let free = matches!(column.kind, Kind::Text | Kind::Json);
                assert!(
                    !(free && matches!(column.data, Data::Personal(_)))
                        || column.blank != Blank::Unchanged,
                    "{}.{}: say in `blanked` what it holds after an erasure",
                    table.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn no_secret_is_personal_data_that_an_export_shows() {
        for table in TABLES {
            for column in table.exported() {
                assert!(
                    column.kind != Kind::Bytes && !column.name.contains("hash"),
                    "{}.{}",
                    table.name,
                    column.name
                );
            }
        }
    }
}
