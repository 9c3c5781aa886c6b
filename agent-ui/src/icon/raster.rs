//! A few shapes on the unit square, and their picture with smooth edges.
//!
//! Owns: geometry and anti-aliasing. Must not know what a shape means.

use super::Rgb;

/// Samples a pixel per axis; 8 × 8 give 65 shades, enough that no edge shows steps.
const SAMPLES: u8 = 8;

/// A point of the unit square: x to the right, y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point(pub(super) f32, pub(super) f32);

impl Point {
    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0, self.1 - other.1)
    }

    fn dot(self, other: Self) -> f32 {
        self.0 * other.0 + self.1 * other.1
    }

    fn distance(self, other: Self) -> f32 {
        let d = self.minus(other);
        d.dot(d).sqrt()
    }
}

/// Inside a circle.
pub(super) fn disc(p: Point, middle: Point, radius: f32) -> bool {
    p.distance(middle) <= radius
}

/// Inside a circle's outline of the given width, measured inwards.
pub(super) fn ring(p: Point, middle: Point, radius: f32, width: f32) -> bool {
    let distance = p.distance(middle);
    distance <= radius && distance >= radius - width
}

/// Within `reach` of the straight line between two points: a stroke with round ends.
pub(super) fn segment(p: Point, from: Point, to: Point, reach: f32) -> bool {
    let (along, line) = (p.minus(from), to.minus(from));
    let t = (along.dot(line) / line.dot(line)).clamp(0.0, 1.0);
    let nearest = Point(from.0 + line.0 * t, from.1 + line.1 * t);
    p.distance(nearest) <= reach
}

/// Within `reach` of a line through several points.
pub(super) fn polyline(p: Point, points: &[Point], reach: f32) -> bool {
    points
        .windows(2)
        .any(|pair| segment(p, pair[0], pair[1], reach))
}

/// Inside an upright box of the given half sides, its corners rounded outwards by `round`.
pub(super) fn rounded_box(p: Point, middle: Point, half: Point, round: f32) -> bool {
    let d = p.minus(middle);
    let outside = Point((d.0.abs() - half.0).max(0.0), (d.1.abs() - half.1).max(0.0));
    outside.dot(outside).sqrt() <= round
}

/// Inside a triangle, its corners rounded outwards by `round`.
pub(super) fn triangle(p: Point, corners: [Point; 3], round: f32) -> bool {
    let [a, b, c] = corners;
    let side = |from: Point, to: Point| {
        let (line, there) = (to.minus(from), p.minus(from));
        line.0 * there.1 - line.1 * there.0
    };
    let (ab, bc, ca) = (side(a, b), side(b, c), side(c, a));
    (ab >= 0.0 && bc >= 0.0 && ca >= 0.0)
        || segment(p, a, b, round)
        || segment(p, b, c, round)
        || segment(p, c, a, round)
}

/// A square picture: rows from the top, four bytes a pixel (red, green, blue, alpha, not
/// premultiplied).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    size: u32,
    rgba: Vec<u8>,
}

impl Picture {
    /// Draws what `covers` says of the unit square in one color, `size` pixels wide and high.
    pub(super) fn draw(size: u32, color: Rgb, covers: impl Fn(Point) -> bool) -> Self {
        // Up to 1,024 every coordinate is exact in an f32.
        let size = u16::try_from(size.clamp(8, 1_024)).expect("clamped to 1,024");
        let mut rgba = Vec::with_capacity(usize::from(size) * usize::from(size) * 4);
        for y in 0..size {
            for x in 0..size {
                let mut hits = 0_u32;
                for sample in 0..SAMPLES * SAMPLES {
                    let at = |pixel: u16, sub: u8| {
                        (f32::from(pixel) + (f32::from(sub) + 0.5) / f32::from(SAMPLES))
                            / f32::from(size)
                    };
                    hits += u32::from(covers(Point(
                        at(x, sample % SAMPLES),
                        at(y, sample / SAMPLES),
                    )));
                }
                let alpha = hits * 255 / u32::from(SAMPLES * SAMPLES);
                rgba.extend_from_slice(&color);
                rgba.push(u8::try_from(alpha).expect("at most 255 × 64 / 64"));
            }
        }
        Self {
            size: u32::from(size),
            rgba,
        }
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// The pixels.
    #[must_use]
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The pixels, taken.
    #[must_use]
    pub fn into_rgba(self) -> Vec<u8> {
        self.rgba
    }

    /// Each pixel's alpha, in rows from the top.
    #[cfg(test)]
    pub(super) fn coverage(&self) -> impl Iterator<Item = u8> {
        self.rgba.iter().skip(3).step_by(4).copied()
    }

    /// One pixel's alpha.
    #[cfg(test)]
    pub(super) fn alpha(&self, x: u32, y: u32) -> u8 {
        self.rgba[((y * self.size + x) * 4 + 3) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_covers_its_area() {
        let picture = Picture::draw(64, [1, 2, 3], |p| disc(p, Point(0.5, 0.5), 0.5));
        let alpha: u64 = picture.coverage().map(u64::from).sum();
        // π / 4 of the square; edges are cut down to 1/64 of a pixel.
        let expected = 255.0 * 64.0 * 64.0 * std::f64::consts::FRAC_PI_4;
        let found = f64::from(u32::try_from(alpha).unwrap());
        assert!(
            (found / expected - 1.0).abs() < 0.005,
            "{found} for {expected}"
        );
        assert_eq!(&picture.rgba()[..3], &[1, 2, 3]);
    }

    #[test]
    fn sizes_outside_the_range_are_clamped() {
        assert_eq!(Picture::draw(0, [0; 3], |_| true).rgba().len(), 8 * 8 * 4);
        assert_eq!(Picture::draw(u32::MAX, [0; 3], |_| false).size(), 1_024);
    }
}
