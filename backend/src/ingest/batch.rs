//! A batch as it enters: decoded item by item, so that one bad item never blocks the others.

use serde::Deserialize;
use serde_json::value::RawValue;
use shared_types::{
    DeviceId, EpochId, OrganizationId, Timestamp, UserId,
    sync::{BATCH_MAX_ITEMS, SyncItem, SyncItemBody},
};

/// Largest sequence number: the largest integer that JavaScript holds exactly.
pub const SEQ_MAX: i64 = (1 << 53) - 1;

/// One device's (or keyboard's) items, ready to be applied.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The tenant, from the credential.
    pub organization_id: OrganizationId,
    /// The person, from the credential.
    pub user_id: UserId,
    /// The device, from the credential.
    pub device_id: DeviceId,
    /// The outbox that the numbers count in.
    pub epoch: EpochId,
    /// In the order in which they were made.
    pub items: Vec<Item>,
    /// Who made the items.
    pub source: Source,
}

/// Who made a batch's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An agent's outbox: it shows that a desktop is in contact, and a refusal is final.
    Agent,
    /// A person at a keyboard: a refused item can be corrected under the same number.
    Keyboard,
}

/// One decoded item.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its number, 1 to [`SEQ_MAX`].
    pub seq: i64,
    /// What it says; absent when it could not be understood.
    pub body: Option<SyncItemBody>,
}

/// The envelope of a sync request, with its items still encoded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope<'a> {
    /// The device that says it is sending.
    pub device_id: DeviceId,
    /// The outbox that the numbers count in.
    pub epoch: EpochId,
    /// The device's clock.
    pub clock: Timestamp,
    /// Items, not yet decoded.
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
}

/// Why a batch as a whole is refused.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON, or not an envelope.
    #[error("{0}")]
    Envelope(#[from] serde_json::Error),
    /// More items than a batch may have.
    #[error("a batch has at most {BATCH_MAX_ITEMS} items, this one has {0}: send it in halves")]
    TooMany(usize),
    /// An item has no number that an answer could name it by.
    #[error("item {index} has no valid seq (1 to {SEQ_MAX}), so no answer could name it")]
    Unnumbered {
        /// Its position in the batch, from 0.
        index: usize,
    },
}

#[derive(Deserialize)]
struct Numbered {
    seq: i64,
}

/// Decodes a body. An item that is not understood keeps its number and is refused by it.
pub fn decode(body: &[u8]) -> Result<(Envelope<'_>, Vec<Item>), DecodeError> {
    let envelope: Envelope<'_> = serde_json::from_slice(body)?;
    if envelope.items.len() > BATCH_MAX_ITEMS {
        return Err(DecodeError::TooMany(envelope.items.len()));
    }
    let mut items = Vec::with_capacity(envelope.items.len());
    for (index, raw) in envelope.items.iter().enumerate() {
        let item = match serde_json::from_str::<SyncItem>(raw.get()) {
            Ok(item) => Item {
                seq: item.seq,
                body: Some(item.item),
            },
            Err(_) => serde_json::from_str::<Numbered>(raw.get())
                .map(|numbered| Item {
                    seq: numbered.seq,
                    body: None,
                })
                .map_err(|_| DecodeError::Unnumbered { index })?,
        };
        if !(1..=SEQ_MAX).contains(&item.seq) {
            return Err(DecodeError::Unnumbered { index });
        }
        items.push(item);
    }
    Ok((envelope, items))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"device_id":"00000000-0000-0000-0000-000000000001","epoch":"00000000-0000-0000-0000-000000000002","clock":"2026-11-22T09:00:00Z","items":"#;

    fn decoded(items: &str) -> Result<Vec<Item>, DecodeError> {
        decode(format!("{HEAD}{items}}}").as_bytes()).map(|(_, items)| items)
    }

    #[test]
    fn an_item_from_the_future_of_the_format_keeps_its_number() {
        let items = decoded(r#"[{"seq":1,"item":{"telepathy":{}}},{"seq":2,"item":{"counters":{"produced":1,"stored":0,"pending":1}}}]"#)
            .expect("the envelope is fine");
        assert!(items[0].body.is_none());
        assert_eq!(items[0].seq, 1);
        assert!(items[1].body.is_some());
    }

    #[test]
    fn an_item_without_a_number_refuses_the_batch_because_no_answer_could_name_it() {
        for items in [
            r#"[{"item":{}}]"#,
            r#"[{"seq":0,"item":{}}]"#,
            r#"[{"seq":"1"}]"#,
            "[7]",
        ] {
            assert!(
                matches!(decoded(items), Err(DecodeError::Unnumbered { index: 0 })),
                "{items}"
            );
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(decoded(&deep).is_err());
    }
}
