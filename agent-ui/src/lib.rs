//! The core of the WorkPulse tray app, without Tauri.
//!
//! Reading order follows what happens: [`start`] reads the settings and lets [`preflight`] ask
//! whether there is a desktop to show anything on; [`supervisor`] runs the agent;
//! a look at it becomes [`facts`], facts become a [`model`] (icon, lines, what can be chosen;
//! [`words`] and [`icon`] serve it), and what is chosen becomes a [`command`]. [`news`] says what is worth a
//! notification, and [`view`] what the window shows. Two programs add the edges: `workpulse-tray`
//! the event loop and the icon in the panel, `workpulse-window` the window and what its page may
//! call. They are two because the window's program links a whole browser, which would cost the
//! icon tens of megabytes all day long.

pub mod exit;
pub mod instance;
pub mod opengl;
pub mod preflight;
pub mod start;

pub mod supervisor;

pub mod facts;
pub mod icon;
pub mod model;
pub mod news;
pub mod view;
pub mod words;

pub mod command;
