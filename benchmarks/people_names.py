"""Names for a made-up region: common ones by hand, a long tail put together from English syllables.

Nobody is meant: frequencies fall as 1/rank, as they do in England, with some thousands of rare
surnames behind a few hundred common ones.
"""
# ruff: noqa: E501, SIM905 - tables of words are read as words

import random
from bisect import bisect
from itertools import accumulate

_BRITISH = """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans
Walker White Roberts Green Hall Thomas Clarke Jackson Wood Harris Edwards Turner Martin Cooper
Hill Ward Hughes Moore Clark King Harrison Lewis Baker Lee Allen Morris Scott Watson Parker
Bennett Young Davis Cook Shaw James Richardson Carter Collins Bell Bailey Murphy Kelly Miller Cox
Marshall Anderson Simpson Richards Price Wilkinson Mitchell Foster Ellis Adams Chapman Webb Rogers
Hunt Mills Gray Campbell Palmer Stevens Lloyd Holmes Matthews Knight Griffiths Fox Barnes Russell
Reynolds Dixon Fletcher Powell Butler Graham Gibson Jenkins Andrews Owen Mason Hunter Pearson
Stewart Kennedy Walsh Fisher Harvey Burton Barker Hart Lawson Reid Byrne Ryan Doyle Gallagher
MacDonald Fraser Gordon Ross Murray Duncan Grant Burns Wallace Hamilton Johnston Armstrong Elliott
Nelson Spencer Dawson Payne Rose Saunders Bradley Lane Gardner Stone Bird Read Cole Day Hopkins
Barrett Curtis Burgess Warren Pearce Atkinson Newman Barnett Booth Dean Hudson Bates Perry Kemp
Harding Watts Cross Nicholson Francis Page Carr Ball Sutton Lowe Jordan Reeves Long Sharp Lambert
Bryant Wells Austin
""".split()
_STARTS = """
Ash Beck Bram Brad Brock Brom Cald Carl Chad Cran Crosth Cull Dal Den Dun East Ed Ell Farn Fen
Garth Glad Hadd Hal Hamp Hard Hart Hat Haw Hazel Heath Hep Hol Horn Hux Kel Kirk Lang Lin Lock
Long Mar Mel Mid Mil Nor Oak Old Oxen Pem Pen Pick Pres Rad Rams Red Rock Rush Sand Sed Shel Ship
Stan Stock Stan Strat Sut Swin Tam Thorn Thur Tod Tol Wad Wal War Wat West Whit Wil Wind Wood Wor
""".split()
_ENDS = """
bourne bridge brook burn bury by combe cott croft dale den don ell field ford gate grave ham hurst
ington land ley low man mere more ridge sett shaw son stead stoke thorpe ton tree wick well wood
worth yard
""".split()
_SOUTH_ASIAN = """
Khan Patel Singh Ahmed Hussain Ali Begum Kaur Shah Akhtar Miah Choudhury Sharma Mahmood Iqbal
Malik Uddin Rahman Islam Mirza Qureshi Sheikh Bibi Kumar Gupta Chowdhury Hussein Ahmad Rehman
Chaudhry Bhatti Butt Raja Mistry Desai Joshi Nair Reddy Das Sandhu Gill Dhillon
""".split()
_EASTERN = """
Kowalski Nowak Wisniewski Wojcik Kaminski Lewandowski Zielinski Szymanski Wozniak Kozlowski
Popescu Ionescu Popa Dumitru Petrov Ivanov Dimitrov Kazlauskas Novak Horvath Nagy Szabo
""".split()
_AFRICAN = """
Okafor Adeyemi Mensah Osei Boateng Owusu Asante Okonkwo Ibrahim Abdi Ali Mohamed Hassan Yusuf
Farah Warsame Balogun Eze Nwosu Bello Moyo Ncube Dube Banda Phiri Kamara Sesay Conteh
""".split()
_CHINESE = """
Wong Chan Li Chen Wang Zhang Liu Cheung Lam Ng Ho Lau Yang Huang Zhao Wu Zhou Tang Nguyen Tran
Pham Le Hoang
""".split()
_GIVEN = {
    ("british", "m", 1920): "John William George James Ronald Robert Kenneth Frederick Thomas Albert Eric "
    "Edward Arthur Charles Leslie Sidney Frank Peter Dennis Harold Stanley Leonard Walter Norman",
    ("british", "m", 1945): "David John Peter Michael Alan Robert Stephen Paul Brian Graham Philip Anthony "
    "Colin Christopher Geoffrey William James Keith Terence Barry Malcolm Richard Ian Derek Raymond",
    ("british", "m", 1965): "Paul David Andrew Stephen Mark Michael Ian Gary Robert Richard Peter John "
    "Anthony Christopher Darren Kevin Martin Simon Philip Graham Colin Adrian Nigel Stuart Neil Jonathan",
    ("british", "m", 1985): "Christopher James David Daniel Michael Matthew Andrew Richard Paul Mark Thomas "
    "Adam Robert John Lee Benjamin Steven Jonathan Craig Stephen Simon Nicholas Ryan Joshua Luke Liam",
    ("british", "m", 2000): "Jack Thomas James Joshua Daniel Harry Samuel Joseph Matthew Callum Luke William "
    "Lewis Oliver Ryan Benjamin George Liam Jordan Adam Alexander Jake Connor Cameron Nathan Kieran",
    ("british", "m", 2012): "Oliver George Harry Noah Jack Leo Arthur Muhammad Oscar Charlie Henry Thomas "
    "Archie Theo Freddie Jacob Alfie Joshua Ethan Logan Isaac Edward Hayden Jayden Max Finley",
    ("british", "f", 1920): "Mary Margaret Joan Doris Dorothy Kathleen Irene Betty Eileen Doreen Lilian Vera "
    "Jean Marjorie Barbara Edna Gladys Audrey Elsie Florence Hilda Winifred Elizabeth Phyllis",
    ("british", "f", 1945): "Susan Margaret Christine Patricia Jean Ann Linda Carol Barbara Janet Mary "
    "Sheila Maureen Sandra Pauline Judith Valerie Gillian Elizabeth Jacqueline Kathleen Marion Anne",
    ("british", "f", 1965): "Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Alison Sarah "
    "Angela Amanda Caroline Lesley Elizabeth Catherine Lorraine Nicola Michelle Wendy Dawn Fiona",
    ("british", "f", 1985): "Sarah Laura Gemma Emma Rebecca Claire Victoria Samantha Rachel Amy Jennifer "
    "Nicola Katie Lisa Kelly Natalie Louise Michelle Hayley Hannah Helen Charlotte Joanne Lucy",
    ("british", "f", 2000): "Chloe Emily Megan Charlotte Jessica Lauren Sophie Olivia Hannah Lucy Georgia "
    "Rebecca Bethany Amy Ellie Katie Emma Abigail Molly Grace Courtney Shannon Caitlin Eleanor",
    ("british", "f", 2012): "Olivia Amelia Isla Ava Emily Sophia Grace Mia Poppy Ella Lily Evie Isabella "
    "Charlotte Freya Daisy Florence Alice Ivy Willow Sienna Matilda Rosie Elsie Phoebe Ruby",
    ("south_asian", "m", 0): "Mohammed Ahmed Ali Imran Abdul Usman Hassan Hussain Bilal Omar Ibrahim Yusuf "
    "Amir Tariq Rajesh Sanjay Harpreet Gurpreet Amit Ravi Vijay Adeel Zubair Kamran Faisal Naveed",
    ("south_asian", "f", 0): "Fatima Ayesha Aisha Mariam Zainab Khadija Amina Nasreen Shazia Rukhsana "
    "Priya Anita Sunita Harpreet Manpreet Jaspreet Kiran Neha Saira Samina Tahira Halima Rabia",
    ("eastern", "m", 0): "Piotr Krzysztof Andrzej Tomasz Pawel Michal Marcin Jakub Adam Lukasz Mateusz "
    "Andrei Mihai Ion Alexandru Ivan Dimitar Tomas Jonas Istvan",
    ("eastern", "f", 0): "Anna Maria Katarzyna Malgorzata Agnieszka Barbara Ewa Magdalena Monika Joanna "
    "Aleksandra Elena Ioana Andreea Mihaela Svetlana Irena Zuzana Natalia Julia",
    ("african", "m", 0): "Emmanuel Samuel Daniel David Joseph Kwame Kofi Chinedu Emeka Oluwaseun Tunde "
    "Abdi Mohamed Ibrahim Yusuf Hassan Tendai Tafadzwa Alhaji Michael Ahmed",
    ("african", "f", 0): "Grace Blessing Mercy Faith Esther Ngozi Chioma Amara Abena Akosua Ama Fatima "
    "Amina Halima Sagal Hodan Rudo Tendai Mariama Mary Comfort",
    ("chinese", "m", 0): "Wei Jun Ming Hao Lei Jian Chi Ka Kin Tak David Michael Kevin Jason Minh Duc",
    ("chinese", "f", 0): "Mei Li Xiu Ying Fang Jing Yan Wing Siu Hoi Amy Jenny Emily Grace Linh Thi Hoa",
}  # fmt: skip
_VARIANTS = {
    row[0]: row
    for row in (
        line.split()
        for line in (
            "Mohammed Muhammad Mohammad Mohamed Mohd",
            "Muhammad Mohammed Mohammad",
            "Mohamed Mohamud Mohammed Maxamed",
            "Ahmed Ahmad Ahmet",
            "Hussain Hussein Husain Hossain",
            "Hussein Hussain Xuseen",
            "Choudhury Chowdhury Chaudhry Choudhry",
            "Chowdhury Choudhury Chaudhary",
            "Rahman Rehman",
            "Rehman Rahman",
            "Sheikh Shaikh",
            "Mahmood Mehmood Mahmud",
            "Uddin Udin",
            "Miah Mia",
            "Akhtar Akhter Aktar",
            "Yusuf Yousuf Yousef",
            "Ibrahim Ebrahim",
            "Fatima Fatimah Fatema Fathima",
            "Ayesha Aisha Aysha",
            "Aisha Ayesha Aishah",
            "Mariam Maryam Mariyam",
            "Zainab Zaynab Zeinab",
            "Khadija Khadijah Kadija",
            "Usman Uthman Osman",
            "Omar Umar Umer",
            "Imran Emran",
            "Tariq Tarik Tareq",
            "Iqbal Eqbal",
            "Krzysztof Krzystof Chris",
            "Lukasz Łukasz Lucas",
            "Pawel Paweł Paul",
            "Michal Michał Michael",
            "Malgorzata Małgorzata Gosia",
            "Katarzyna Kasia Catherine",
            "Ivanov Иванов Iwanow",
            "Petrov Петров Petroff",
            "Wozniak Woźniak",
            "Kozlowski Kozłowski",
            "Zhang Cheung Chang",
            "Wong Wang Huang",
            "Chan Chen",
            "Ng Wu",
            "Abdi Cabdi",
            "Hassan Xasan Hasan",
            "Nguyen Nguyễn",
        )
    )
}  # fmt: skip
_NICKNAMES = {
    row[0]: row[1:]
    for row in (
        line.split()
        for line in (
            "William Bill Will Billy",
            "Robert Bob Rob Bobby",
            "Richard Dick Rick Rich",
            "James Jim Jimmy Jamie",
            "John Jack Johnny",
            "Thomas Tom Tommy",
            "Michael Mike Mick",
            "David Dave",
            "Christopher Chris",
            "Stephen Steve",
            "Steven Steve",
            "Anthony Tony",
            "Andrew Andy",
            "Edward Ted Eddie",
            "Charles Charlie",
            "Frederick Fred",
            "Kenneth Ken",
            "Ronald Ron",
            "Joseph Joe",
            "Daniel Dan Danny",
            "Matthew Matt",
            "Benjamin Ben",
            "Samuel Sam",
            "Joshua Josh",
            "Nicholas Nick",
            "Jonathan Jon",
            "Philip Phil",
            "Peter Pete",
            "Alexander Alex",
            "Geoffrey Geoff",
            "Terence Terry",
            "Raymond Ray",
            "Leonard Len",
            "Elizabeth Liz Beth Betty",
            "Margaret Maggie Peggy Meg",
            "Catherine Kate Cathy",
            "Susan Sue",
            "Patricia Pat Trish",
            "Deborah Debbie",
            "Jacqueline Jackie",
            "Christine Chris",
            "Victoria Vicky",
            "Rebecca Becky",
            "Samantha Sam",
            "Jennifer Jenny Jen",
            "Jessica Jess",
            "Abigail Abby",
            "Charlotte Lottie",
            "Dorothy Dot",
            "Kathleen Kath Kathy",
            "Valerie Val",
            "Gillian Gill",
            "Barbara Babs",
            "Amanda Mandy",
            "Olivia Liv",
            "Eleanor Ellie",
            "Isabella Bella",
            "Nicola Nicky",
            "Theodore Theo",
            "Aleksandra Ola",
            "Magdalena Magda",
            "Tomasz Tomek",
            "Oluwaseun Seun",
            "Emmanuel Manny",
            "Judith Judy",
            "Sandra Sandie",
            "Pauline Paula",
            "Kieran Kier",
            "Georgia Georgie",
            "Caroline Carrie",
        )
    )
}  # fmt: skip


class Names:
    """Draws names by origin, sex and year of birth."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        tail = sorted({start + end for start in _STARTS for end in _ENDS})
        draw.shuffle(tail)
        self._family = {
            "british": _Ranked([*_BRITISH, *tail], 0.75),
            "south_asian": _Ranked(_SOUTH_ASIAN, 0.6),
            "eastern": _Ranked(
                [*_EASTERN, *(f"{a}{b}" for a in _STARTS for b in ("owski", "escu"))], 0.7
            ),
            "african": _Ranked(
                [*_AFRICAN, *(f"{a}{b}" for a in _STARTS for b in ("ola", "onu"))], 0.6
            ),
            "chinese": _Ranked(_CHINESE, 0.6),
        }
        self._given = {key: _Ranked(names.split(), 0.5) for key, names in _GIVEN.items()}
        rare = [a + b for a in ("Ja", "Ke", "La", "Ma", "Ro", "Sha", "Ty", "De", "Ca", "Ela", "Bri", "Ze")
                for b in ("den", "lyn", "ra", "ron", "vin", "nelle", "sha", "mar", "na", "rick", "la", "son")]  # fmt: skip
        self._rare = _Ranked(rare, 0.3)

    def family(self, origin: str) -> str:
        """A family name."""
        return self._family[origin].draw(self._draw.random())

    def given(self, origin: str, sex: str, year: int) -> str:
        """A given name of those years."""
        if self._draw.random() < 0.08:
            return self._rare.draw(self._draw.random())
        era = 0
        if origin == "british":
            era = next(e for e in (2012, 2000, 1985, 1965, 1945, 0) if year >= e - 8) or 1920
        return self._given[origin, sex, era].draw(self._draw.random())


class _Ranked:
    """Names by falling frequency: the nth weighs n to the power of minus `steep`."""

    def __init__(self, names: list[str], steep: float) -> None:
        self._names = names
        self._sums = list(accumulate((n + 3) ** -steep for n in range(len(names))))

    def draw(self, share: float) -> str:
        return self._names[bisect(self._sums, share * self._sums[-1])]


def variants(name: str) -> list[str]:
    """How else a name from another script or language is written."""
    return _VARIANTS.get(name, [name])[1:]


def short(name: str) -> list[str]:
    """What else somebody of this name is called."""
    return _NICKNAMES.get(name, [])
