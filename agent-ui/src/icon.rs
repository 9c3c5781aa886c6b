//! The tray icon: one picture per state, drawn by code.
//!
//! Owns: shapes and colors of the states. Must not know the agent, menus or Tauri.
//!
//! Drawn, not shipped as files: every size comes from the same few lines, and tests can
//! ask the pictures what a person would: do two states differ without their color, and do
//! they stand out on a light and on a dark panel? A panel's background cannot be asked for,
//! so every color keeps 3:1 (WCAG 1.4.11, graphics) against both ends.

mod raster;

pub use raster::Picture;
use raster::{Point, disc, polyline, ring, rounded_box, segment, triangle};

/// What the icon says at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IconState {
    /// A session runs and there was input lately: a teal disc with a pulse.
    Working,
    /// A session runs without input: an amber ring, half full.
    Idle,
    /// The person paused: a neutral disc with two bars.
    Paused,
    /// A session runs, the server cannot be reached: an outline, struck through.
    Offline,
    /// Something needs the person: a vermilion triangle with a mark.
    NeedsAttention,
    /// No session runs: a neutral outline around a stop square.
    NotWorking,
}

/// Red, green, blue of the sRGB space.
pub type Rgb = [u8; 3];

const TEAL: Rgb = [0x0d, 0x94, 0x88];
const AMBER: Rgb = [0xb9, 0x7d, 0x0a];
const VERMILION: Rgb = [0xdc, 0x4f, 0x26];
const NEUTRAL: Rgb = [0x80, 0x86, 0x8e];

impl IconState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Working,
        Self::Idle,
        Self::Paused,
        Self::Offline,
        Self::NeedsAttention,
        Self::NotWorking,
    ];

    /// A short name for logs and file names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Idle => "idle",
            Self::Paused => "paused",
            Self::Offline => "offline",
            Self::NeedsAttention => "needs-attention",
            Self::NotWorking => "not-working",
        }
    }

    /// The state's one color; the shape says the same again.
    #[must_use]
    pub const fn color(self) -> Rgb {
        match self {
            Self::Working => TEAL,
            Self::Idle => AMBER,
            Self::NeedsAttention => VERMILION,
            Self::Paused | Self::Offline | Self::NotWorking => NEUTRAL,
        }
    }

    /// The picture as a square of `size` pixels (8 to 1,024; clamped).
    #[must_use]
    pub fn picture(self, size: u32) -> Picture {
        Picture::draw(size, self.color(), |p| self.covers(p))
    }

    /// Whether the unit square's point `p` belongs to the shape.
    fn covers(self, p: Point) -> bool {
        const MIDDLE: Point = Point(0.5, 0.5);
        const RADIUS: f32 = 0.47;
        match self {
            Self::Working => {
                let pulse = [
                    Point(0.10, 0.53),
                    Point(0.31, 0.53),
                    Point(0.42, 0.25),
                    Point(0.58, 0.76),
                    Point(0.68, 0.53),
                    Point(0.90, 0.53),
                ];
                disc(p, MIDDLE, RADIUS) && !polyline(p, &pulse, 0.055)
            }
            Self::Idle => ring(p, MIDDLE, RADIUS, 0.11) || (p.1 > 0.5 && disc(p, MIDDLE, RADIUS)),
            Self::Paused => {
                disc(p, MIDDLE, RADIUS)
                    && !rounded_box(p, Point(0.365, 0.5), Point(0.07, 0.21), 0.02)
                    && !rounded_box(p, Point(0.635, 0.5), Point(0.07, 0.21), 0.02)
            }
            Self::Offline => {
                let (from, to) = (Point(0.12, 0.12), Point(0.88, 0.88));
                let gap = segment(p, from, to, 0.155);
                (ring(p, MIDDLE, RADIUS, 0.11) && !gap) || segment(p, from, to, 0.06)
            }
            Self::NeedsAttention => {
                let sign = triangle(
                    p,
                    [Point(0.5, 0.10), Point(0.93, 0.88), Point(0.07, 0.88)],
                    0.06,
                );
                let mark = segment(p, Point(0.5, 0.36), Point(0.5, 0.59), 0.06)
                    || disc(p, Point(0.5, 0.765), 0.065);
                sign && !mark
            }
            Self::NotWorking => {
                ring(p, MIDDLE, RADIUS, 0.10) || rounded_box(p, MIDDLE, Point(0.16, 0.16), 0.03)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes at which panels draw: 16 on small ones, 22 and 24 usual, 32 on large.
    const PANEL_SIZES: [u32; 4] = [16, 22, 24, 32];

    fn luminance(color: Rgb) -> f64 {
        let linear = color.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_color_stands_out_on_light_and_on_dark_panels() {
        for state in IconState::ALL {
            for panel in [
                [0xff, 0xff, 0xff],
                [0xf2, 0xf2, 0xf2],
                [0x2b, 0x2b, 0x2b],
                [0, 0, 0],
            ] {
                let ratio = contrast(state.color(), panel);
                assert!(ratio >= 3.0, "{} on {panel:?}: {ratio:.2}", state.as_str());
            }
        }
    }

    #[test]
    fn every_two_states_differ_in_shape_without_their_color() {
        for size in PANEL_SIZES {
            for (i, a) in IconState::ALL.iter().enumerate() {
                for b in &IconState::ALL[i + 1..] {
                    let (left, right) = (a.picture(size), b.picture(size));
                    let differing = left
                        .coverage()
                        .zip(right.coverage())
                        .filter(|(x, y)| x.abs_diff(*y) > 128)
                        .count();
                    let pixels = (size * size) as usize;
                    assert!(
                        differing * 100 >= pixels * 7,
                        "{} and {} share their shape at {size} px: {differing} of {pixels} differ",
                        a.as_str(),
                        b.as_str()
                    );
                }
            }
        }
    }

    #[test]
    fn every_shape_fills_its_square_and_leaves_its_corners_free() {
        for state in IconState::ALL {
            let picture = state.picture(32);
            let inked = picture.coverage().filter(|alpha| *alpha > 128).count();
            assert!((200..800).contains(&inked), "{}: {inked}", state.as_str());
            for (x, y) in [(0, 0), (31, 0)] {
                assert_eq!(
                    picture.alpha(x, y),
                    0,
                    "{} touches a corner",
                    state.as_str()
                );
            }
        }
    }
}
