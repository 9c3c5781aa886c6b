//! Log-in cookies count on no route that changes anything, unless our own page sends them.

use http::header;
use serde_json::json;
use uuid::Uuid;

use super::{database, mounted, world::World};
use crate::harness::{PASSWORD, TestApp};

/// What browsers say of pages that are not ours; and what is said by who hides it.
const FOREIGN: [&[(&str, &str)]; 8] = [
    &[],
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "anything")],
    &[("origin", "null")],
    &[("origin", "https://evil.test")],
    // Whatever the origin: the browser's own word counts first.
    &[("origin", "OURS"), ("sec-fetch-site", "same-site")],
];

/// Each route that is not safe by its method, with an admin's cookie, from pages of others.
pub(super) async fn of_others_are_refused_everywhere(app: &TestApp, world: &World) {
    let request =
        json!({ "email": world.person("ada").email, "password": PASSWORD, "delivery": "cookie" });
    let answer = app.post("/api/v1/auth/login", "", &request).await;
    let cookies: Vec<&str> = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|cookie| cookie.to_str().expect("ascii"))
        .map(|cookie| cookie.split(';').next().expect("a name and a value"))
        .collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    let cookies = cookies.join("; ");
    let before = world.database.digest(None).await;
    let mut asked = 0;
    for (route, operation) in mounted::operations() {
        let (method, path) = route.split_once(' ').expect("method and path");
        let renews = path == "/api/v1/auth/refresh";
        if method == "GET" || (operation.get("security").is_none() && !renews) {
            continue;
        }
        let path = path.replace("{id}", &Uuid::nil().to_string());
        let path = path.replace("{user_id}", &Uuid::nil().to_string());
        for headers in FOREIGN {
            let method: reqwest::Method = method.parse().expect("a method");
            let mut request = app.request(method, &path).header(header::COOKIE, &cookies);
            for (name, value) in headers {
                request = request.header(*name, value.replace("OURS", &app.url("")));
            }
            let answer = app.send(request).await;
            assert_eq!(
                answer.status, 403,
                "{route} with {headers:?}: {}",
                answer.text
            );
            assert!(
                !answer.headers.contains_key(header::SET_COOKIE),
                "{route} with {headers:?}"
            );
            asked += 1;
        }
    }
    assert!(
        asked >= 14 * FOREIGN.len(),
        "only {asked} requests were made"
    );
    let after = world.database.digest(None).await;
    assert_eq!(database::changed(&before, &after), Vec::<&str>::new());
}
