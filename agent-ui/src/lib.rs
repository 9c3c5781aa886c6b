//! The core of the WorkPulse tray app, without Tauri.
//!
//! Reading order follows what happens: [`preflight`] asks whether there is a desktop to show
//! anything on, and [`instance`] whether the app runs already; [`supervisor`] runs the agent;
//! a look at it becomes [`facts`], facts become a [`model`] (icon, lines, what can be chosen;
//! [`words`] and [`icon`] serve it), and what is chosen becomes a [`command`]. [`news`] says what is worth a
//! notification, and [`view`] what the window shows. The binary adds the edges: command line,
//! event loop, the icon in the panel, the window and what its page may call.

pub mod exit;
pub mod instance;
pub mod preflight;

pub mod supervisor;

pub mod facts;
pub mod icon;
pub mod model;
pub mod news;
pub mod view;
pub mod words;

pub mod command;
