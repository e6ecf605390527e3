//! Reads the brightness out of an uncompressed video (YUV4MPEG2, `.y4m`).

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A video of a known size.
pub(crate) struct Video<R> {
    from: R,
    /// What follows the brightness of every picture, in bytes.
    colour_bytes: u64,
}

impl Video<BufReader<File>> {
    /// Opens a file whose pictures are `width` x `height`.
    pub(crate) fn open(path: &Path, width: usize, height: usize) -> io::Result<Self> {
        let explain = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(explain)?;
        Video::new(BufReader::new(file), width, height).map_err(explain)
    }
}

impl<R: BufRead> Video<R> {
    /// Reads the head of a video whose pictures are `width` x `height`.
    pub(crate) fn new(mut from: R, width: usize, height: usize) -> io::Result<Self> {
        let head = read_line(&mut from)?;
        let mut tags = head.split(' ');
        if tags.next() != Some("YUV4MPEG2") {
            return Err(invalid("not a YUV4MPEG2 video"));
        }
        let (mut size, mut colour) = ((0, 0), "420");
        for tag in tags.filter(|tag| !tag.is_empty()) {
            let (kind, value) = tag.split_at_checked(1).ok_or_else(|| invalid("a damaged head"))?;
            match kind {
                "W" => size.0 = value.parse().unwrap_or(0),
                "H" => size.1 = value.parse().unwrap_or(0),
                "C" => colour = value,
                _ => {}
            }
        }
        if size != (width, height) {
            return Err(invalid(format!("the pictures are {} x {}, not {width} x {height}", size.0, size.1)));
        }
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let colour_bytes = match colour {
            "mono" => 0,
            "420" | "420jpeg" | "420mpeg2" | "420paldv" => 2 * half_width * half_height,
            "422" => 2 * half_width * height,
            "444" => 2 * width * height,
            other => return Err(invalid(format!("colours of the kind `{other}` are not supported"))),
        };
        Ok(Video { from, colour_bytes: colour_bytes as u64 })
    }

    /// Fills `picture` with the next one; says whether there was one.
    pub(crate) fn read(&mut self, picture: &mut [u8]) -> io::Result<bool> {
        let head = read_line(&mut self.from)?;
        if head.is_empty() {
            return Ok(false);
        }
        if !head.starts_with("FRAME") {
            return Err(invalid("a picture does not begin with `FRAME`"));
        }
        self.from.read_exact(picture)?;
        io::copy(&mut self.from.by_ref().take(self.colour_bytes), &mut io::sink())?;
        Ok(true)
    }
}

/// A line of a head, without its end; empty at the end of the file.
fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    const LONGEST: u64 = 1024;
    let mut line = Vec::new();
    from.take(LONGEST).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_brightness_of_every_picture() {
        let file = b"YUV4MPEG2 W3 H1 F25:1 Ip C420jpeg\nFRAME\nabcUUVVFRAME Ip\ndefUUVV";
        let mut video = Video::new(&file[..], 3, 1).unwrap();
        let mut picture = [0; 3];
        assert!(video.read(&mut picture).unwrap() && picture == *b"abc");
        assert!(video.read(&mut picture).unwrap() && picture == *b"def");
        assert!(!video.read(&mut picture).unwrap());
    }

    #[test]
    fn says_what_it_cannot_read() {
        let error = |head: &[u8]| Video::new(head, 4, 2).map(drop).unwrap_err().to_string();
        assert_eq!(error(b"RIFF"), "not a YUV4MPEG2 video");
        assert_eq!(error(b"YUV4MPEG2 W8 H2\n"), "the pictures are 8 x 2, not 4 x 2");
        assert_eq!(error(b"YUV4MPEG2 W4 H2 C420p10\n"), "colours of the kind `420p10` are not supported");

        let mut cut_off = Video::new(&b"YUV4MPEG2 W4 H2 Cmono\nFRAME\nabcd"[..], 4, 2).unwrap();
        assert_eq!(cut_off.read(&mut [0; 8]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
