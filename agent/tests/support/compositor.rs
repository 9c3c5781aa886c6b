//! A compositor that offers what a test wants and says what the test wants, over a real socket.
//!
//! The few messages of the wire protocol that a probe needs, by hand: a header (object, then
//! size and opcode), and words of four bytes in the machine's own order.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    sync::Arc,
};

use parking_lot::Mutex;

/// Name and version of what is offered.
type Globals = &'static [(&'static str, u32)];

/// Who asked to be told of input: by which request, on which connection, under which id.
struct Asked {
    opcode: u16,
    stream: UnixStream,
    id: u32,
}

pub(crate) struct Compositor {
    pub(crate) socket: PathBuf,
    asked: Arc<Mutex<Vec<Asked>>>,
    _dir: tempfile::TempDir,
}

impl Compositor {
    pub(crate) fn start(globals: Globals) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("wayland-1");
        let listener = UnixListener::bind(&socket).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, globals, &shared));
            }
        });
        Self {
            socket,
            asked,
            _dir: dir,
        }
    }

    /// The request by which input was asked for last.
    pub(crate) fn asked_by(&self) -> Option<u16> {
        self.asked.lock().last().map(|it| it.opcode)
    }

    /// Says that there is no input (0), or that there is again (1).
    fn say(&self, opcode: u16) {
        for asked in self.asked.lock().iter_mut() {
            // A connection of before.
            let _ = asked.stream.write_all(&message(asked.id, opcode, &[]));
        }
    }

    pub(crate) fn quiet(&self) {
        self.say(0);
    }

    pub(crate) fn input(&self) {
        self.say(1);
    }
}

fn message(object: u32, opcode: u16, words: &[u32]) -> Vec<u8> {
    let size = u32::try_from(8 + words.len() * 4).unwrap();
    [object, (size << 16) | u32::from(opcode)]
        .iter()
        .chain(words)
        .flat_map(|word| word.to_ne_bytes())
        .collect()
}

/// A text with its length and its end, filled up to whole words.
fn text(text: &str) -> Vec<u32> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    let length = u32::try_from(bytes.len()).unwrap();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    std::iter::once(length).chain(words(&bytes)).collect()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_ne_bytes(*word))
}

/// Answers one client until it goes.
fn serve(mut stream: UnixStream, globals: Globals, asked: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut objects = HashMap::from([(1, "wl_display")]);
    loop {
        let mut header = [0; 8];
        stream.read_exact(&mut header).ok()?;
        let head: Vec<u32> = words(&header).collect();
        let mut body = vec![0; (head[1] >> 16) as usize - 8];
        stream.read_exact(&mut body).ok()?;
        let body: Vec<u32> = words(&body).collect();
        let opcode = u16::try_from(head[1] & 0xFFFF).ok()?;
        // The last word of every request that makes an object of ours, but for input.
        let made = body.last().copied().unwrap_or(0);
        let mut answers = Vec::new();
        match (*objects.get(&head[0])?, opcode) {
            ("wl_display", 0) => {
                answers.extend(message(made, 0, &[0]));
                answers.extend(message(1, 1, &[made]));
            }
            ("wl_display", 1) => {
                objects.insert(made, "wl_registry");
                for (name, (interface, version)) in (1..).zip(globals) {
                    let mut words = vec![name];
                    words.extend(text(interface));
                    words.push(*version);
                    answers.extend(message(made, 0, &words));
                }
            }
            ("wl_registry", 0) => {
                objects.insert(made, globals[body[0] as usize - 1].0);
            }
            ("ext_idle_notifier_v1", 1 | 2) | ("org_kde_kwin_idle", 0) => {
                objects.insert(body[0], "told of input");
                asked.lock().push(Asked {
                    opcode,
                    stream: stream.try_clone().ok()?,
                    id: body[0],
                });
            }
            _ => {}
        }
        stream.write_all(&answers).ok()?;
    }
}
