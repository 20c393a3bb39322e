"""Who sees whom in the region: practices, wards, clinicians and devices, all made up."""

PRACTICES = {
    "Z99001": "Wharfe Bridge Surgery",
    "Z99002": "Guiseborne Health Centre",
    "Z99003": "Airedale Cross Medical Practice",
}

GPS = {
    "Z99001": ("Dr Helen Garside", "Dr Imran Malik"),
    "Z99002": ("Dr Chidi Okafor", "Dr Susan Lockwood"),
    "Z99003": ("Dr Kiran Desai", "Dr Niamh Sweeney"),
}

WARDS = (
    "Acute Medical Unit",
    "Ward 4 Respiratory",
    "Ward 7 Stroke",
    "Ward 9 Older People",
    "Ward 12 Surgery",
)
CONSULTANTS = ("Mr Paul Thackray", "Dr Anjali Sharma", "Dr Yonas Tesfaye", "Dr Wendy Calvert")
KEYWORKERS = ("Jade Ellis, community nurse", "Marlon Grant, care coordinator")
