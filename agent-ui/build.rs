//! Embeds the configuration and the static page of the app.

fn main() {
    tauri_build::build();
}
