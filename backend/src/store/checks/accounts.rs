//! D4 and D1 as far as the server can prove them: what devices say of their outboxes, and what
//! is stored, against the numbers that are handled here.

use std::collections::{BTreeMap, HashMap};

use shared_types::{DeviceId, sync::Counters};
use sqlx::types::Json;

use super::{Outcome, PLACES};
use crate::{
    domain::handled::Handled,
    store::{StoreError, SystemDb, sql},
};

#[derive(sqlx::FromRow)]
struct Stream {
    id: i64,
    device_id: DeviceId,
    watermark: i64,
    ahead: String,
    counters: Option<Json<Counters>>,
}

/// What was looked at, as outcomes.
pub(super) async fn look(mut db: SystemDb<'_>) -> Result<Vec<Outcome>, StoreError> {
    let streams: Vec<Stream> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT id, device_id, watermark, ahead, counters FROM sync_streams ORDER BY id"
    )
    .fetch_all(&mut *c)
    .await)?;
    let refused: Vec<(i64, i64)> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT stream_id, count(*) FROM rejected_items GROUP BY stream_id"
    )
    .fetch_all(&mut *c)
    .await)?;
    let refused: HashMap<i64, i64> = refused.into_iter().collect();
    let (mut unbalanced, mut lacking) = (Vec::new(), Vec::new());
    for stream in &streams {
        let Some(Json(account)) = &stream.counters else {
            continue;
        };
        let device = stream.device_id;
        let dropped: i64 = account.dropped.values().sum();
        if account.produced != account.stored + account.pending + dropped {
            unbalanced.push(format!(
                "device {device}: {} made, {} stored, {} pending, {dropped} dropped",
                account.produced, account.stored, account.pending
            ));
        }
        let Some(handled) = Handled::parse(stream.watermark, &stream.ahead) else {
            // Counted below.
            continue;
        };
        let taken = handled.count() - refused.get(&stream.id).copied().unwrap_or(0);
        if account.stored > taken {
            lacking.push(format!(
                "device {device} was told of {} stored items, {taken} were taken here",
                account.stored
            ));
        }
    }
    let wrong = numbers(db, &streams).await?;
    Ok(vec![
        Outcome::of(
            "devices' accounts",
            "outboxes in which made is not stored, pending and dropped together",
            unbalanced,
        ),
        Outcome::of(
            "devices' stored",
            "outboxes that were told of more stored items than were taken here",
            lacking,
        ),
        wrong,
    ])
}

/// Every stored span's and every refusal's number is handled, and none is both.
async fn numbers(mut db: SystemDb<'_>, streams: &[Stream]) -> Result<Outcome, StoreError> {
    // Numbers above the watermark are few; those below it are handled.
    let above: Vec<(i64, i64)> = sql!(db.again(), |c| {
        sqlx::query_as(
        "SELECT a.stream_id, a.seq FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id
         WHERE a.seq > s.watermark
         UNION ALL
         SELECT r.stream_id, r.seq FROM rejected_items r JOIN sync_streams s ON s.id = r.stream_id
         WHERE r.seq > s.watermark"
    )
    .fetch_all(&mut *c)
    .await
    })?;
    let both: i64 = sql!(db, |c| {
        sqlx::query_scalar(
        "SELECT count(*) FROM rejected_items r
         WHERE EXISTS (SELECT 1 FROM activity_logs a WHERE a.stream_id = r.stream_id AND a.seq = r.seq)"
    )
    .fetch_one(&mut *c)
    .await
    })?;
    let handled: BTreeMap<i64, (DeviceId, Option<Handled>)> = streams
        .iter()
        .map(|stream| {
            let ranges = Handled::parse(stream.watermark, &stream.ahead);
            (stream.id, (stream.device_id, ranges))
        })
        .collect();
    let unreadable = handled.values().filter(|(_, ranges)| ranges.is_none());
    let mut places: Vec<String> = unreadable
        .map(|(device, _)| format!("device {device}: ranges that cannot be read"))
        .collect();
    for (stream, seq) in above {
        if let Some((device, Some(ranges))) = handled.get(&stream)
            && !ranges.contains(seq)
        {
            places.push(format!("device {device}: number {seq}"));
        }
    }
    let mut outcome = Outcome::of(
        "handled numbers",
        "numbers of spans and refusals that are not counted as handled, or are both",
        places,
    );
    if both > 0 {
        outcome.found += both;
        outcome
            .places
            .push(format!("{both} are stored and refused"));
    }
    outcome.places.truncate(PLACES);
    Ok(outcome)
}
