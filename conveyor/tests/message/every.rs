//! The list of types that every test runs over.

/// Calls `$check::<T>()` for every type.
#[macro_export]
macro_rules! for_every_type {
    ($check:ident) => {
        for_every_type! { @ $check
            () u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char Ordering
            NonZero<u8> NonZero<u16> NonZero<u32> NonZero<u64> NonZero<u128> NonZero<usize>
            NonZero<i8> NonZero<i16> NonZero<i32> NonZero<i64> NonZero<i128> NonZero<isize>
            Wrapping<u8> Wrapping<i64> Saturating<u128> Saturating<i16>
            [u8; 0] [u64; 0] [u8; 3] [[f32; 3]; 2] [bool; 5] [String; 2] [(); 4] [(u8, u16); 2]
            (u8,) (u64, u64) (u8, u32) (String, bool) (u8, u64, String) ((u16, u16), [u8; 4])
            (u8, u16, u32, u64, i8, i16, i32, i64, bool, char, String, Option<u8>)
            String Box<str> Cow<'static, str> OsString PathBuf CString
            Vec<u8> Vec<f64> Vec<u128> Vec<bool> Vec<char> Vec<String> Vec<Vec<u16>> Vec<()> Vec<Vec<()>> Vec<Ordering>
            Vec<[f32; 3]> Vec<(u64, u64)> Vec<(u8, String)> Vec<[u64; 0]> Vec<Option<()>> Vec<PhantomData<u8>>
            Box<u64> Box<String> Box<[u16]> Box<[String]> Box<Box<u8>> Cow<'static, [u32]> Cow<'static, [String]>
            Option<u64> Option<String> Option<Option<bool>> Option<Box<[u8; 9]>> Result<u8, String>
            Result<(), Vec<Option<(String, Box<[u16]>)>>>
            Duration SystemTime Ipv4Addr Ipv6Addr IpAddr SocketAddrV4 SocketAddrV6 SocketAddr
            Range<u32> Range<usize> PhantomData<Bayes> FixedStr<5> Vec<FixedStr<3>>
            VecDeque<u8> VecDeque<String> VecDeque<()> HashSet<u32> HashSet<String> BTreeSet<u8> BTreeSet<String>
            HashSet<u8, OtherHasher> HashMap<u8, u8> HashMap<u16, String, OtherHasher> HashMap<String, Vec<u32>> BTreeMap<u64, String> BTreeMap<String, BTreeMap<u8, Option<char>>>
            Sms Pair<u8> Pair<Sms, Sms> Unit Braces Color Vec<Unit> Vec<Color> Shape<f32> Shape<String>
            Tree<u8> Tree<String> Folder Chicken Egg Point Vec<Point> [Point; 2] (Point, u64) Meters Pair<Point, Meters>
            Table<String, u8, 3> Table<u8, Sms, 1>
        }
    };
    (@ $check:ident $($t:ty)*) => {$(
        $check::<$t>();
    )*};
}
