//! The tray icon and its menu, made to look like a [`TrayModel`].
//!
//! The only file that touches the panel's icon and menu. Must not decide anything: what is
//! shown and what can be chosen is the model's.

use std::path::Path;

use anyhow::Context as _;
use tray_icon::{
    Icon, TrayIcon, TrayIconBuilder,
    menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu},
};
use workpulse_tray::{
    icon::IconState,
    model::{Action, Entry, TrayModel},
};

/// What panels scale down from; sharp up to 64 px, which is 32 on a screen of double density.
const ICON_PIXELS: u32 = 64;

/// The icon as it stands in the panel.
pub(crate) struct Tray {
    icon: TrayIcon,
    menu: Menu,
    items: Vec<Item>,
    shown: TrayModel,
}

/// One entry of the menu as it stands in the panel.
enum Item {
    /// A line or an action.
    Plain(MenuItem),
    Separator(PredefinedMenuItem),
    Submenu(Submenu, Vec<MenuItem>),
}

impl Tray {
    /// Puts the icon into the panel. Its picture goes through a file below `icon_dir`,
    /// which must belong to this person alone: the shared default lies in /tmp when there
    /// is no runtime directory, where a second person could not write.
    ///
    /// To be called on the event loop's thread, as [`Self::show`].
    pub(crate) fn new(model: TrayModel, icon_dir: &Path) -> anyhow::Result<Self> {
        let menu = Menu::new();
        let items = append_all(&menu, &model.menu)?;
        let icon = TrayIconBuilder::new()
            .with_id("workpulse")
            .with_icon(picture(model.icon)?)
            .with_tooltip(&model.tooltip)
            .with_temp_dir_path(icon_dir)
            .with_menu(Box::new(menu.clone()))
            .with_menu_on_left_click(true)
            .build()?;
        Ok(Self {
            icon,
            menu,
            items,
            shown: model,
        })
    }

    /// Makes the icon show another model; touches only what differs, so that a menu that is
    /// open stays open while the minutes count up.
    pub(crate) fn show(&mut self, model: TrayModel) -> anyhow::Result<()> {
        if model.icon != self.shown.icon {
            self.icon.set_icon(Some(picture(model.icon)?))?;
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
                    item.update(entry);
                }
            }
        } else {
            // A menu cannot be replaced on Linux, its content can.
            while self.menu.remove_at(0).is_some() {}
            self.items = append_all(&self.menu, &model.menu)?;
        }
        self.shown = model;
        Ok(())
    }
}

impl Item {
    fn new(index: usize, entry: &Entry) -> anyhow::Result<Self> {
        Ok(match entry {
            Entry::Line(text) => Self::Plain(MenuItem::with_id(
                format!("line-{index}"),
                label(text),
                false,
                None,
            )),
            Entry::Separator => Self::Separator(PredefinedMenuItem::separator()),
            Entry::Action(action) => Self::Plain(action_item(action)),
            Entry::Submenu {
                label: text,
                enabled,
                actions,
            } => {
                let submenu = Submenu::with_id(format!("submenu-{index}"), label(text), *enabled);
                let items: Vec<_> = actions.iter().map(action_item).collect();
                for item in &items {
                    submenu.append(item)?;
                }
                Self::Submenu(submenu, items)
            }
        })
    }

    fn as_menu_item(&self) -> &dyn IsMenuItem {
        match self {
            Self::Plain(item) => item,
            Self::Separator(item) => item,
            Self::Submenu(item, _) => item,
        }
    }

    /// Takes over texts and flags of an entry of the same shape.
    fn update(&self, entry: &Entry) {
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
                submenu.set_text(label(text));
                submenu.set_enabled(*enabled);
                for (item, action) in items.iter().zip(actions) {
                    update_action(item, action);
                }
            }
            // Separators have nothing to update, and other pairs are of another shape.
            _ => {}
        }
    }
}

fn append_all(menu: &Menu, entries: &[Entry]) -> anyhow::Result<Vec<Item>> {
    let mut items = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let item = Item::new(index, entry)?;
        menu.append(item.as_menu_item())?;
        items.push(item);
    }
    Ok(items)
}

fn action_item(action: &Action) -> MenuItem {
    MenuItem::with_id(
        action.command.id().as_ref(),
        label(&action.label),
        action.enabled,
        None,
    )
}

fn update_action(item: &MenuItem, action: &Action) {
    item.set_text(label(&action.label));
    item.set_enabled(action.enabled);
}

/// A text as a menu label: a single ampersand would mark a keyboard shortcut and vanish.
fn label(text: &str) -> String {
    text.replace('&', "&&")
}

fn picture(state: IconState) -> anyhow::Result<Icon> {
    let picture = state.picture(ICON_PIXELS);
    let size = picture.size();
    Icon::from_rgba(picture.into_rgba(), size, size).context("the icon's picture")
}
