//! Categories and their rules: everybody reads them, admins change them.

use serde_json::json;

use crate::matrix::row::{
    ORGANIZATION, Row,
    Thing::Category,
    Who::{Admin, Anyone, Person},
    row,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/categories", Anyone),
        row("POST /api/v1/categories", Admin)
            .answers(201)
            .body(|ask| json!({ "name": ask.unique("Category"), "kind": "productive" })),
        row("PATCH /api/v1/categories/{id}", Admin)
            .id(Category, ORGANIZATION)
            .body(|ask| json!({ "name": ask.unique("Renamed") }))
            .uses_up(),
        row("DELETE /api/v1/categories/{id}", Admin)
            .id(Category, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("GET /api/v1/category-rules", Person),
        row("PUT /api/v1/category-rules", Admin)
            .reads("/api/v1/category-rules")
            .body(|ask| json!({ "version": ask.before["version"], "rules": [] })),
        row("POST /api/v1/category-rules/preview", Admin)
            .body(|_| json!({ "rules": [], "days": 7 })),
        row("GET /api/v1/category-rules/progress", Admin),
    ]
}
