//! Newer versions: taken when they are what the key's holder signed, and in no other case.

use std::{
    collections::BTreeMap,
    io::Cursor,
    path::Path,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    extract::{Path as Route, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use minisign::KeyPair;
use parking_lot::Mutex;
use serde_json::json;
use workpulse_agent::{
    Settings,
    config::{
        proxy::Proxy,
        updates::{Source, Updates},
    },
    update::{self, UpdateError, signature::Refused},
};

const NEWER: &str = "9.1.0-1";
const CONTENT: &[u8] = b"a package, as far as this test is concerned";

static KEYS: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate_unencrypted_keypair().expect("a key"));
static OTHER_KEYS: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate_unencrypted_keypair().expect("a key"));

/// What a host serves, and the requests that reached it.
#[derive(Default)]
struct Served {
    files: BTreeMap<String, Vec<u8>>,
    /// Everything is somewhere else.
    elsewhere: Option<String>,
    seen: Vec<(String, HeaderMap)>,
}

#[derive(Clone, Default)]
struct Host(Arc<Mutex<Served>>);

async fn serve(
    State(host): State<Host>,
    Route(name): Route<String>,
    headers: HeaderMap,
) -> Response {
    let mut served = host.0.lock();
    served.seen.push((name.clone(), headers));
    if let Some(elsewhere) = &served.elsewhere {
        let to = format!("{elsewhere}{name}");
        return (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
    }
    match served.files.get(&name) {
        Some(content) => content.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Host {
    /// Serves on a port of its own; the address ends with a slash.
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new()
            .route("/{name}", get(serve))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}/")
    }

    fn put(&self, name: &str, content: impl Into<Vec<u8>>) {
        self.0.lock().files.insert(name.to_owned(), content.into());
    }

    /// A file with its signature, by these keys and with this comment.
    fn put_signed(&self, name: &str, content: &[u8], keys: &KeyPair, comment: &str) {
        let signature = minisign::sign(None, &keys.sk, Cursor::new(content), Some(comment), None)
            .expect("a signature");
        self.put(name, content);
        self.put(&format!("{name}.minisig"), signature.into_string());
    }

    /// The newer version as `dist` makes it; whoever tests a fault changes one thing.
    fn put_release(&self, version: &str) -> String {
        let name = package(version);
        self.put_signed(&name, CONTENT, &KEYS, &comment(&name, version));
        self.put_manifest(version, &name, &KEYS, &comment("updates.json", version));
        name
    }

    fn put_manifest(&self, version: &str, name: &str, keys: &KeyPair, comment: &str) {
        // For both kinds of Linux: which one this machine is does not matter here.
        let file = |kind: &str| json!({ "name": name, "kind": kind, "arch": std::env::consts::ARCH, "size": CONTENT.len() });
        let manifest = json!({ "version": version, "files": [file("deb"), file("rpm")] });
        self.put_signed(
            "updates.json",
            manifest.to_string().as_bytes(),
            keys,
            comment,
        );
    }

    fn seen(&self) -> Vec<(String, HeaderMap)> {
        self.0.lock().seen.clone()
    }
}

fn package(version: &str) -> String {
    format!("workpulse-agent_{version}_here.deb")
}

fn comment(name: &str, version: &str) -> String {
    format!("file:{name} version:{version} timestamp:1764460800")
}

fn settings(dir: &Path, url: &str) -> Settings {
    let key = KEYS.pk.to_base64();
    Settings {
        proxy: Proxy::None,
        updates: Updates::From(Source {
            url: url.parse().expect("an address"),
            key,
        }),
        ..Settings::for_data_dir(dir)
    }
}

/// One machine, one host.
struct World {
    host: Host,
    dir: tempfile::TempDir,
    settings: Settings,
}

impl World {
    async fn new() -> Self {
        let (host, dir) = (Host::default(), tempfile::tempdir().expect("a directory"));
        let url = host.start().await;
        Self {
            settings: settings(dir.path(), &url),
            host,
            dir,
        }
    }

    /// Tries to fetch, and looks that nothing was left.
    async fn is_refused(&self) -> UpdateError {
        let error = update::download(&self.settings)
            .await
            .expect_err("it must be refused");
        let left = std::fs::read_dir(self.dir.path().join("updates")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "nothing of it lies here: {error}");
        error
    }
}

#[tokio::test]
async fn a_newer_version_is_found_fetched_verified_and_not_installed() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    let offer = update::check(&world.settings).await.expect("an answer");
    assert_eq!(offer.expect("an offer").version.to_string(), NEWER);

    let ready = update::download(&world.settings).await.expect("it is here");
    assert_eq!(std::fs::read(&ready.path).expect("the file"), CONTENT);
    assert_eq!(ready.path, world.dir.path().join("updates").join(&name));
    assert!(ready.command.contains(&name), "{}", ready.command);

    // Asked for again it is verified again, and not fetched.
    let fetched = |world: &World| {
        let seen = world.host.seen();
        seen.iter().filter(|(it, _)| *it == name).count()
    };
    assert_eq!(fetched(&world), 1);
    update::download(&world.settings).await.expect("it is here");
    assert_eq!(fetched(&world), 1);
    // Whatever somebody put in its place is not taken for it.
    std::fs::write(&ready.path, b"something else").expect("written");
    update::download(&world.settings).await.expect("it is here");
    assert_eq!(std::fs::read(&ready.path).expect("the file"), CONTENT);
}

#[tokio::test]
async fn a_tampered_package_is_refused() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    let mut tampered = CONTENT.to_vec();
    tampered[3] ^= 1;
    world.host.put(&name, tampered);
    let error = world.is_refused().await;
    assert!(
        matches!(error, UpdateError::Refused(Refused::NotSigned(_))),
        "{error}"
    );
    assert!(error.is_permanent());
}

#[tokio::test]
async fn a_tampered_manifest_is_not_even_heard_of() {
    let world = World::new().await;
    let name = world.host.put_release("9.1.0-1");
    let manifest = json!({ "version": "9.2.0-1", "files": [{ "name": name, "kind": "deb", "arch": "x86_64", "size": 1 }] });
    world.host.put("updates.json", manifest.to_string());
    let error = update::check(&world.settings).await.expect_err("refused");
    assert!(
        matches!(error, UpdateError::Refused(Refused::NotSigned(_))),
        "{error}"
    );
}

#[tokio::test]
async fn what_another_key_signed_is_refused() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    world
        .host
        .put_signed(&name, CONTENT, &OTHER_KEYS, &comment(&name, NEWER));
    let error = world.is_refused().await;
    assert!(
        matches!(error, UpdateError::Refused(Refused::NotSigned(_))),
        "{error}"
    );
    world
        .host
        .put_manifest(NEWER, &name, &OTHER_KEYS, &comment("updates.json", NEWER));
    world.is_refused().await;
}

#[tokio::test]
async fn an_older_version_and_the_one_that_runs_are_not_offered() {
    for version in [
        "0.0.1-9".to_owned(),
        format!("{}-7", update::version::running()),
    ] {
        let world = World::new().await;
        world.host.put_release(&version);
        let offer = update::check(&world.settings).await.expect("an answer");
        assert_eq!(offer, None, "{version}");
        assert!(matches!(
            world.is_refused().await,
            UpdateError::NothingNewer
        ));
    }
}

#[tokio::test]
async fn an_older_package_under_a_newer_name_is_refused() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    // A good signature of an older package, served in place of the newer.
    let old = package("0.0.1-1");
    for signed_as in [
        comment(&old, "0.0.1-1"),
        comment(&name, "0.0.1-1"),
        comment(&old, NEWER),
    ] {
        world.host.put_signed(&name, CONTENT, &KEYS, &signed_as);
        let error = world.is_refused().await;
        assert!(
            matches!(error, UpdateError::Refused(Refused::SomethingElse { .. })),
            "{signed_as}: {error}"
        );
    }
}

#[tokio::test]
async fn a_package_in_place_of_the_manifest_is_refused() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    let manifest = world.host.0.lock().files["updates.json"].clone();
    world
        .host
        .put_signed("updates.json", &manifest, &KEYS, &comment(&name, NEWER));
    let error = world.is_refused().await;
    assert!(
        matches!(error, UpdateError::Refused(Refused::SomethingElse { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn a_download_that_is_cut_short_or_goes_on_is_refused() {
    let world = World::new().await;
    let name = world.host.put_release(NEWER);
    world.host.put(&name, &CONTENT[..CONTENT.len() - 1]);
    let error = world.is_refused().await;
    assert!(error.to_string().contains("bytes instead of"), "{error}");
    world.host.put(&name, [CONTENT, b"and more"].concat());
    let error = world.is_refused().await;
    assert!(
        error.to_string().contains("more bytes instead of"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_and_a_host_that_is_not_there_are_told_apart() {
    let world = World::new().await;
    let error = world.is_refused().await;
    assert!(error.to_string().contains("status 404"), "{error}");
    let nowhere = settings(world.dir.path(), "http://127.0.0.1:9/");
    let error = update::check(&nowhere).await.expect_err("nobody answers");
    assert!(!error.is_permanent(), "{error}");
}

#[tokio::test]
async fn another_host_may_serve_the_files_and_is_told_no_secret() {
    let world = World::new().await;
    let elsewhere = Host::default();
    elsewhere.put_release(NEWER);
    let address = elsewhere.start().await;
    world.host.0.lock().elsewhere = Some(address);
    // The machine is enrolled: there is a secret that could leak.
    std::fs::write(world.dir.path().join("device-secret"), "wpd_secret").expect("written");
    update::download(&world.settings).await.expect("it is here");
    for (name, headers) in world.host.seen().into_iter().chain(elsewhere.seen()) {
        for header in [header::AUTHORIZATION, header::COOKIE, header::REFERER] {
            assert!(!headers.contains_key(&header), "{name} carries {header}");
        }
    }
    assert!(!elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_out_of_tls_and_one_in_a_circle_are_not_followed() {
    let world = World::new().await;
    world.host.put_release(NEWER);
    for to in ["http://192.0.2.1/", "ftp://127.0.0.1/"] {
        world.host.0.lock().elsewhere = Some(to.to_owned());
        let error = update::check(&world.settings).await.expect_err("not there");
        assert!(!matches!(error, UpdateError::Refused(_)), "{to}: {error}");
    }
    let itself = match &world.settings.updates {
        Updates::From(source) => source.url.to_string(),
        Updates::Off(why) => panic!("{why}"),
    };
    world.host.0.lock().elsewhere = Some(itself);
    let before = world.host.seen().len();
    update::check(&world.settings).await.expect_err("a circle");
    assert!(world.host.seen().len() - before <= 7);
}

#[tokio::test]
async fn where_updates_are_off_nobody_is_asked() {
    let world = World::new().await;
    world.host.put_release(NEWER);
    let off = Settings {
        updates: Updates::Off("Your IT department updates this computer."),
        ..world.settings.clone()
    };
    let error = update::check(&off).await.expect_err("they are off");
    assert!(matches!(error, UpdateError::Off(_)));
    assert_eq!(
        error.to_string(),
        "Your IT department updates this computer."
    );
    assert!(world.host.seen().is_empty());
}
