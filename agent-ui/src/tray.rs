//! The tray icon and its menu, made to look like a [`TrayModel`].
//!
//! The only file that touches Tauri's tray and menu. Must not decide anything: what is
//! shown and what can be chosen is the model's.

use std::path::Path;

use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu},
    tray::{TrayIcon, TrayIconBuilder},
};
use workpulse_tray::{
    icon::IconState,
    model::{Action, Entry, TrayModel},
};

/// What panels scale down from; sharp up to 64 px, which is 32 on a screen of double density.
const ICON_PIXELS: u32 = 64;

/// The icon as it stands in the panel.
pub(crate) struct Tray {
    icon: TrayIcon<Wry>,
    menu: Menu<Wry>,
    items: Vec<Item>,
    shown: TrayModel,
}

/// One entry of the menu as it stands in the panel.
enum Item {
    /// A line or an action.
    Plain(MenuItem<Wry>),
    Separator(PredefinedMenuItem<Wry>),
    Submenu(Submenu<Wry>, Vec<MenuItem<Wry>>),
}

impl Tray {
    /// Puts the icon into the panel. Its picture goes through a file below `icon_dir`,
    /// which must belong to this person alone: the shared default lies in /tmp when there
    /// is no runtime directory, where a second person could not write.
    pub(crate) fn new(
        app: &AppHandle<Wry>,
        model: TrayModel,
        icon_dir: &Path,
    ) -> tauri::Result<Self> {
        let menu = Menu::new(app)?;
        let items = append_all(app, &menu, &model.menu)?;
        let icon = TrayIconBuilder::with_id("workpulse")
            .icon(picture(model.icon))
            .tooltip(&model.tooltip)
            .temp_dir_path(icon_dir)
            .menu(&menu)
            .show_menu_on_left_click(true)
            .build(app)?;
        Ok(Self {
            icon,
            menu,
            items,
            shown: model,
        })
    }

    /// Makes the icon show another model; touches only what differs, so that a menu that is
    /// open stays open while the minutes count up.
    pub(crate) fn show(&mut self, model: TrayModel) -> tauri::Result<()> {
        if model.icon != self.shown.icon {
            self.icon.set_icon(Some(picture(model.icon)))?;
        }
        if model.tooltip != self.shown.tooltip {
            self.icon.set_tooltip(Some(&model.tooltip))?;
        }
        if model.has_the_shape_of(&self.shown) {
            for (item, (entry, before)) in self
                .items
                .iter()
                .zip(model.menu.iter().zip(&self.shown.menu))
            {
                if entry != before {
                    item.update(entry)?;
                }
            }
        } else {
            // A menu cannot be replaced on Linux, its content can.
            while self.menu.remove_at(0)?.is_some() {}
            self.items = append_all(self.icon.app_handle(), &self.menu, &model.menu)?;
        }
        self.shown = model;
        Ok(())
    }
}

impl Item {
    fn new(app: &AppHandle<Wry>, index: usize, entry: &Entry) -> tauri::Result<Self> {
        Ok(match entry {
            Entry::Line(text) => Self::Plain(MenuItem::with_id(
                app,
                format!("line-{index}"),
                label(text),
                false,
                None::<&str>,
            )?),
            Entry::Separator => Self::Separator(PredefinedMenuItem::separator(app)?),
            Entry::Action(action) => Self::Plain(action_item(app, action)?),
            Entry::Submenu {
                label: text,
                enabled,
                actions,
            } => {
                let submenu =
                    Submenu::with_id(app, format!("submenu-{index}"), label(text), *enabled)?;
                let mut items = Vec::with_capacity(actions.len());
                for action in actions {
                    let item = action_item(app, action)?;
                    submenu.append(&item)?;
                    items.push(item);
                }
                Self::Submenu(submenu, items)
            }
        })
    }

    fn as_menu_item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Plain(item) => item,
            Self::Separator(item) => item,
            Self::Submenu(item, _) => item,
        }
    }

    /// Takes over texts and flags of an entry of the same shape.
    fn update(&self, entry: &Entry) -> tauri::Result<()> {
        match (self, entry) {
            (Self::Plain(item), Entry::Line(text)) => item.set_text(label(text)),
            (Self::Plain(item), Entry::Action(action)) => update_action(item, action),
            (
                Self::Submenu(submenu, items),
                Entry::Submenu {
                    label: text,
                    enabled,
                    actions,
                },
            ) => {
                submenu.set_text(label(text))?;
                submenu.set_enabled(*enabled)?;
                items
                    .iter()
                    .zip(actions)
                    .try_for_each(|(item, action)| update_action(item, action))
            }
            // Separators have nothing to update, and other pairs are of another shape.
            _ => Ok(()),
        }
    }
}

fn append_all(
    app: &AppHandle<Wry>,
    menu: &Menu<Wry>,
    entries: &[Entry],
) -> tauri::Result<Vec<Item>> {
    let mut items = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let item = Item::new(app, index, entry)?;
        menu.append(item.as_menu_item())?;
        items.push(item);
    }
    Ok(items)
}

fn action_item(app: &AppHandle<Wry>, action: &Action) -> tauri::Result<MenuItem<Wry>> {
    MenuItem::with_id(
        app,
        action.command.id().as_ref(),
        label(&action.label),
        action.enabled,
        None::<&str>,
    )
}

fn update_action(item: &MenuItem<Wry>, action: &Action) -> tauri::Result<()> {
    item.set_text(label(&action.label))?;
    item.set_enabled(action.enabled)
}

/// A text as a menu label: a single ampersand would mark a keyboard shortcut and vanish.
fn label(text: &str) -> String {
    text.replace('&', "&&")
}

fn picture(state: IconState) -> Image<'static> {
    let picture = state.picture(ICON_PIXELS);
    let size = picture.size();
    Image::new_owned(picture.into_rgba(), size, size)
}
