//! A panel that asks for icons over the session bus, played by the test: it sees icon and
//! menu as data and can choose an entry, which no screenshot can.

use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    path::PathBuf,
    sync::mpsc::{self, Receiver, Sender},
    time::Duration,
};

use zbus::{
    blocking::{Connection, Proxy, connection::Builder},
    message::Header,
    zvariant::{OwnedObjectPath, OwnedValue, Structure, Value},
};

/// An entry as the menu's protocol writes it: id, properties, children.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// How long the icon may take to come.
const PATIENCE: Duration = Duration::from_mins(1);

/// The panel's side of the protocol; what icons ask of it before they register.
struct Watcher {
    registered: Sender<(String, String)>,
    hosted: bool,
    version: i32,
    items: Vec<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the interface macro hands the header over by value"
    )]
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // The test may have ended already.
        let _ = self.registered.send((sender, service.to_owned()));
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.hosted
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        self.version
    }
}

/// The panel.
pub(crate) struct Panel {
    bus: Connection,
    registered: Receiver<(String, String)>,
}

impl Panel {
    /// Takes the panel's name on the bus.
    pub(crate) fn start(bus: &str) -> Self {
        let (sender, registered) = mpsc::channel();
        let bus = Builder::address(bus)
            .and_then(|builder| builder.name("org.kde.StatusNotifierWatcher"))
            .and_then(|builder| {
                builder.serve_at(
                    "/StatusNotifierWatcher",
                    Watcher {
                        registered: sender,
                        hosted: true,
                        version: 0,
                        items: Vec::new(),
                    },
                )
            })
            .and_then(Builder::build)
            .expect("the session bus answers");
        Self { bus, registered }
    }

    /// Waits for the next icon.
    pub(crate) fn icon(&self) -> Icon {
        let (sender, path) = self
            .registered
            .recv_timeout(PATIENCE)
            .expect("an icon is registered");
        Icon {
            bus: self.bus.clone(),
            sender,
            path,
        }
    }
}

/// One icon in the panel.
pub(crate) struct Icon {
    bus: Connection,
    sender: String,
    path: String,
}

/// One entry of its menu.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    id: i32,
    /// What it says; empty for a separator.
    pub(crate) label: String,
    /// Whether it can be chosen.
    pub(crate) enabled: bool,
    /// What is behind it.
    pub(crate) children: Vec<Entry>,
}

impl Icon {
    /// The picture, as it lies in the file that the panel would draw: side and pixels.
    pub(crate) fn picture(&self) -> Option<(u32, Vec<u8>)> {
        let item = self.proxy(&self.path, "org.kde.StatusNotifierItem");
        let file: String = item.get_property("IconName").ok()?;
        // It is replaced while we look.
        let file = File::open(PathBuf::from(file)).ok()?;
        let mut reader = png::Decoder::new(BufReader::new(file)).read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut pixels).ok()?;
        Some((info.width, pixels))
    }

    /// The menu, from the top.
    pub(crate) fn menu(&self) -> Vec<Entry> {
        let (_, root): (u32, Node) = self
            .menu_proxy()
            .call("GetLayout", &(0_i32, -1_i32, Vec::<&str>::new()))
            .expect("the menu can be read");
        root.2.into_iter().map(|child| entry(&child)).collect()
    }

    /// Every text of the menu's first level that is not empty.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.menu()
            .into_iter()
            .map(|entry| entry.label)
            .filter(|label| !label.is_empty())
            .collect()
    }

    /// Chooses the entry with this label, on whatever level, as a click would.
    #[track_caller]
    pub(crate) fn choose(&self, label: &str) {
        fn find(entries: &[Entry], label: &str) -> Option<Entry> {
            entries.iter().find_map(|entry| {
                if entry.label == label {
                    Some(entry.clone())
                } else {
                    find(&entry.children, label)
                }
            })
        }
        let menu = self.menu();
        let Some(entry) = find(&menu, label) else {
            panic!("no {label:?} in {menu:#?}");
        };
        assert!(entry.enabled, "{label:?} cannot be chosen");
        let chosen: Result<(), _> = self
            .menu_proxy()
            .call("Event", &(entry.id, "clicked", Value::from(""), 0_u32));
        // Quit may end the app before it answers.
        if label != "Quit WorkPulse" {
            chosen.expect("the entry can be chosen");
        }
    }

    fn menu_proxy(&self) -> Proxy<'_> {
        let item = self.proxy(&self.path, "org.kde.StatusNotifierItem");
        let menu: OwnedObjectPath = item.get_property("Menu").expect("the icon has a menu");
        self.proxy(&menu.to_string(), "com.canonical.dbusmenu")
    }

    fn proxy(&self, path: &str, interface: &'static str) -> Proxy<'_> {
        Proxy::new(&self.bus, self.sender.clone(), path.to_owned(), interface)
            .expect("a valid address")
    }
}

fn entry(value: &Value<'_>) -> Entry {
    let Value::Structure(structure) = value else {
        panic!("not a menu entry: {value:?}");
    };
    let (id, properties, children) = fields(structure);
    let label = match properties.get("label") {
        // A single underscore marks a key.
        Some(Value::Str(label)) => label.replace("__", "_"),
        _ => String::new(),
    };
    Entry {
        id,
        label,
        enabled: !matches!(properties.get("enabled"), Some(Value::Bool(false))),
        children: children.iter().map(|child| entry(child)).collect(),
    }
}

fn fields<'a>(structure: &'a Structure<'_>) -> (i32, HashMap<String, Value<'a>>, Vec<Value<'a>>) {
    let [
        Value::I32(id),
        Value::Dict(properties),
        Value::Array(children),
    ] = structure.fields()
    else {
        panic!("not a menu entry: {structure:?}");
    };
    let properties = properties
        .iter()
        .filter_map(|(key, value)| match (key, value) {
            (Value::Str(key), Value::Value(value)) => {
                Some((key.to_string(), value.try_clone().ok()?))
            }
            _ => None,
        })
        .collect();
    let children = children
        .iter()
        .filter_map(|child| match child {
            Value::Value(inner) => inner.try_clone().ok(),
            other => other.try_clone().ok(),
        })
        .collect();
    (*id, properties, children)
}
