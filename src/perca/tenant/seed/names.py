"""What an invented company is made of: names, departments, titles. None of them is meant to be anybody."""

from __future__ import annotations

GIVEN = tuple(
    """Ada Agnes Aiko Alba Alexei Amara Amir Anders Anika Anton Ayo Beatriz Bela Boris Bruna Camille Carlos Chidi Clara
    Dagmar Daniel David Diego Dina Edda Elena Elias Emeka Emil Eva Farah Felix Fiona Greta Hamid Hana Hugo Ida Igor Ines
    Ivana Jana Jonas Josef Kamal Karin Katya Kofi Lara Lena Leon Lin Luca Magda Marek Mei Milan Mira Nadia Nils Noor Olga
    Omar Oskar Paula Pavel Petra Priya Rafael Rosa Ruth Samir Sara Selma Simon Sofia Stefan Tamar Tomas Ulla Vera Viktor
    Wanda Yara Yusuf Zofia""".split()
)
FAMILY = tuple(
    """Abara Adler Almeida Amari Baker Banerjee Becker Benes Berg Blanc Bosko Brandt Cardoso Castro Cerny Chen Costa Dahl
    Diallo Dvorak Eriksen Farkas Fiala Fischer Fontaine Fuchs Garcia Gruber Haddad Hansen Horak Horvat Ibrahim Ito Ivanov
    Jansen Jelinek Kaya Keller Kim Klein Kovacs Kral Kumar Lange Larsen Lindqvist Lopez Lorenz Maier Malik Marino Mazur
    Mbeki Meier Moreau Moser Nagy Nakamura Nemec Novak Nowak Okafor Olsen Osei Park Patel Pereira Petrov Pokorny Popa
    Prochazka Ramos Richter Rossi Santos Sato Schmid Silva Singh Sokolov Steiner Svoboda Szabo Tanaka Toth Urban Vargas
    Vesely Vogel Wagner Weber Winter Wolf Yilmaz Zeman Zhang Ziegler""".split()
)
COMPANY = (
    "Kestrel",
    "Juniper",
    "Tamarack",
    "Lumen",
    "Osprey",
    "Saltmarsh",
    "Quartz",
    "Heron",
    "Larch",
    "Basalt",
)
TRADE = ("Instruments", "Optics", "Logistics", "Foods", "Energy", "Textiles", "Marine", "Ceramics")

DEPARTMENTS: dict[str, int] = {
    "Production": 26,
    "Engineering": 18,
    "Sales": 16,
    "Service": 12,
    "Logistics": 8,
    "Finance": 6,
    "Research": 5,
    "IT": 4,
    "People": 3,
    "Legal": 2,
}
"""Departments with their share of the people."""
TITLES: dict[str, tuple[str, ...]] = {
    "Production": ("Machine Operator", "Shift Lead", "Quality Inspector"),
    "Engineering": ("Design Engineer", "Test Engineer", "Engineering Manager"),
    "Sales": ("Account Manager", "Sales Assistant", "Regional Manager"),
    "Service": ("Field Technician", "Support Agent", "Service Planner"),
    "Logistics": ("Warehouse Clerk", "Dispatcher", "Buyer"),
    "Finance": ("Accountant", "Controller", "Payroll Clerk"),
    "Research": ("Researcher", "Lab Assistant"),
    "IT": ("Systems Engineer", "Support Engineer", "Developer"),
    "People": ("Recruiter", "People Partner"),
    "Legal": ("Counsel", "Paralegal"),
}
CITIES = ("Brno", "Lyon", "Porto", "Aarhus")
TEAM_SIZE = 40
"""About how many people a team holds."""


def company(number: int) -> str:
    """The company that a number stands for."""
    return f"{COMPANY[number % len(COMPANY)]} {TRADE[number // len(COMPANY) % len(TRADE)]}"
