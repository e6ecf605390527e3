use std::fs::File;
use std::io::Write;

use crate::example::Example;
use blur::Blur;
use detect::spots;
use picture::{HEIGHT, SIZE, WIDTH};
use track::Tracker;
use y4m::Video;

#[path = "../../examples/camera/blur.rs"]
mod blur;
#[path = "../../examples/camera/detect.rs"]
mod detect;
#[path = "../../examples/camera/picture.rs"]
mod picture;
#[path = "../../examples/camera/scene.rs"]
mod scene;
#[path = "../../examples/camera/track.rs"]
mod track;
#[path = "../../examples/camera/y4m.rs"]
mod y4m;

/// More than the pool has chunks.
const PICTURES: u64 = 9;

const TRACKS: &str = "\
track 1: pictures 0 to 8, from (260, 90) to (292, 90), 4.0 pixels a picture
track 2: pictures 0 to 8, from (550, 270) to (606, 270), 7.0 pixels a picture
track 3: pictures 0 to 8, from (840, 450) to (920, 450), 10.0 pixels a picture
track 4: pictures 0 to 8, from (1130, 630) to (1234, 630), 13.0 pixels a picture
track 5: pictures 0 to 8, from (1420, 810) to (1548, 810), 16.0 pixels a picture
track 6: pictures 0 to 8, from (1710, 990) to (1862, 990), 19.0 pixels a picture
";

pub(crate) fn check(context: &str) {
    assert_eq!(Example::new("camera", context).arg(PICTURES.to_string()).prints(), TRACKS);
    assert_eq!(Example::new("camera", context).arg("0").prints(), "");

    let mut video = tempfile::Builder::new().suffix(".y4m").tempfile().unwrap();
    write_video(2, video.as_file_mut());
    let mut opened = Video::open(video.path(), WIDTH, HEIGHT).unwrap();
    let expected = serial(|_, pixels| opened.read(pixels).unwrap());
    assert_eq!(Example::new("camera", context).arg(&video).prints(), expected);

    let complaint = Example::new("camera", context).arg("no/such/video.y4m").complains();
    assert!(complaint.contains("`camera` could not be made: no/such/video.y4m: No such file"), "{complaint}");
}

#[test]
fn a_serial_computation_gives_the_same_tracks() {
    let draw = |number, pixels: &mut [u8]| {
        scene::draw(number, pixels);
        number < PICTURES
    };
    assert_eq!(serial(draw), TRACKS);
}

fn serial(mut take_picture: impl FnMut(u64, &mut [u8]) -> bool) -> String {
    let mut pixels = vec![0; SIZE];
    let mut blur = Blur::default();
    let mut tracker = Tracker::default();
    let mut tracks = Vec::new();
    for number in 0.. {
        if !take_picture(number, &mut pixels) {
            break;
        }
        blur.apply(&mut pixels);
        tracks.extend(tracker.add(number, &spots(&mut pixels)));
    }
    tracks.extend(tracker.end());
    tracks.iter().map(|track| format!("{track}\n")).collect()
}

fn write_video(pictures: u64, file: &mut File) {
    let mut pixels = vec![0; SIZE];
    writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F25:1 Ip Cmono").unwrap();
    for picture in 0..pictures {
        scene::draw(picture, &mut pixels);
        writeln!(file, "FRAME").unwrap();
        file.write_all(&pixels).unwrap();
    }
}
