"""The stylesheet of the whole window, made from the theme's tokens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

_RULES = Template("""
QWidget { color: ${text}; }
QMainWindow, QDialog, QWidget#page, QScrollArea, QScrollArea > QWidget > QWidget { background: ${window}; }
QScrollArea { border: none; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: ${muted}; }
QLabel[role="failure"] { color: ${failure}; }
QLabel[role="warning"] { color: ${warning}; }
QToolTip { background: ${toast}; color: ${on_toast}; border: none; padding: 4px 8px; }

QFrame[role="card"] { background: ${surface}; border: 1px solid ${line}; border-radius: 8px; }
QFrame[role="card"][focused="true"] { border: 1px solid ${accent}; }
QFrame[role="banner-warning"] { background: ${warning_ground}; border: none; border-radius: 6px; }
QFrame[role="banner-failure"] { background: ${failure_ground}; border: none; border-radius: 6px; }
QFrame[role="banner-accent"] { background: ${accent_ground}; border: none; border-radius: 6px; }
QFrame[role="banner-warning"] > QLabel { color: ${warning}; }
QFrame[role="banner-failure"] > QLabel { color: ${failure}; }
QFrame[role="toast"] { background: ${toast}; border: none; border-radius: 6px; }
QFrame[role="toast"] > QLabel { color: ${on_toast}; }
QFrame[role="palette"] { background: ${surface}; border: 1px solid ${handle}; border-radius: 8px; }
QFrame[role="palette"] QListView { border: none; border-radius: 0; }
QFrame[role="side"] { background: ${surface}; border: none; border-right: 1px solid ${line}; }

QPushButton, QToolButton {
  background: ${surface}; border: 1px solid ${line}; border-radius: 6px; padding: 0 12px; min-height: 30px;
}
QPushButton:hover, QToolButton:hover { background: ${hover}; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked { background: ${pressed}; }
QPushButton:disabled, QToolButton:disabled { color: ${muted}; background: ${window}; }
QPushButton:focus, QToolButton:focus { border: 2px solid ${accent}; padding: 0 11px; min-height: 28px; }
QPushButton[role="main"] {
  background: ${accent}; color: ${on_accent}; border-color: ${accent}; font-weight: 600;
}
QPushButton[role="main"]:hover, QPushButton[role="main"]:pressed { background: ${accent_hover}; }
QPushButton[role="main"]:focus { border: 2px solid ${text}; }
QPushButton[role="main"]:disabled { background: ${line}; color: ${muted}; border-color: ${line}; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent; border-color: transparent; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: ${hover}; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border-color: ${accent}; }
QPushButton[role="link"] {
  background: transparent; border: none; padding: 0; min-height: 20px;
  text-decoration: underline; text-align: left;
}
QPushButton[role="link"]:focus { border: none; outline: 2px solid ${accent}; padding: 0; min-height: 20px; }
QPushButton[role="crumb"] {
  background: transparent; border: none; border-radius: 4px; padding: 0 2px; color: ${muted};
}
QPushButton[role="crumb"]:hover { color: ${text}; text-decoration: underline; }
QPushButton[role="crumb"]:focus { border: 2px solid ${accent}; padding: 0; min-height: 26px; }
QPushButton[role="chip"] { border-radius: 11px; min-height: 20px; padding: 0 10px; }
QPushButton[role="chip"]:focus { min-height: 18px; padding: 0 9px; }
QPushButton[role="chip"]:checked {
  background: ${accent_ground}; border-color: ${accent_ground}; color: ${accent};
}
QPushButton[role="toast"] {
  background: transparent; color: ${on_toast}; border: 1px solid ${on_toast}; min-height: 22px; padding: 0 10px;
  font-weight: 600;
}
QPushButton[role="toast"]:hover, QPushButton[role="toast"]:focus {
  background: ${on_toast}; color: ${toast}; border: 1px solid ${on_toast}; min-height: 22px; padding: 0 10px;
}
QPushButton[role="toast"]:disabled { background: transparent; color: ${handle}; border-color: ${handle}; }
QPushButton[role="banner"] { background: transparent; border-color: ${muted}; min-height: 24px; padding: 0 10px; }
QPushButton[role="banner"]:hover { background: ${hover}; }
QPushButton[role="banner"]:focus { border: 2px solid ${accent}; padding: 0 9px; min-height: 22px; }
QPushButton#pause-all { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QToolButton#pause-menu {
  border-top-left-radius: 0; border-bottom-left-radius: 0; border-left-width: 0; padding: 0 6px;
}
QToolButton#pause-menu:focus { border-left-width: 2px; padding: 0 4px 0 4px; }
QPushButton[role="danger"] { color: ${failure}; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
  background: ${surface}; border: 1px solid ${line}; border-radius: 6px; padding: 0 8px; min-height: 30px;
  selection-background-color: ${accent}; selection-color: ${on_accent};
}
QPlainTextEdit, QTextEdit { padding: 8px; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus,
QPlainTextEdit:focus, QTextEdit:focus {
  border: 2px solid ${accent}; padding: 0 7px; min-height: 28px;
}
QPlainTextEdit:focus, QTextEdit:focus { padding: 7px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: ${muted}; background: ${window}; }
QLineEdit > QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox QAbstractItemView {
  background: ${surface}; border: 1px solid ${line}; selection-background-color: ${accent_ground};
  selection-color: ${text}; outline: none;
}

QMenu { background: ${surface}; border: 1px solid ${line}; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: ${accent_ground}; color: ${text}; }
QMenu::item:disabled { color: ${muted}; }
QMenu::separator { height: 1px; background: ${line}; margin: 4px 8px; }

QListView, QTreeView, QTableView {
  background: ${surface}; border: 1px solid ${line}; border-radius: 8px; outline: none;
  gridline-color: ${line};
  alternate-background-color: ${window};
}
QTreeView::item, QTableView::item { border: none; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
  background: ${accent_ground}; color: ${text};
}
QHeaderView { background: ${surface}; border: none; }
QHeaderView::section {
  background: ${surface}; color: ${muted}; border: none; border-bottom: 1px solid ${line}; padding: 8px 12px;
  font-weight: 600;
}
QProgressBar { background: ${track}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: ${accent}; border-radius: 3px; }
QCheckBox { spacing: 8px; }
QSplitter::handle { background: ${line}; }
QTabBar::tab { background: transparent; padding: 8px 12px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: ${accent}; border-bottom-color: ${accent}; }

QSpinBox::up-button, QDoubleSpinBox::up-button {
  subcontrol-origin: padding; subcontrol-position: top right; width: 20px; border: none; margin: 2px 2px 0 0;
}
QSpinBox::down-button, QDoubleSpinBox::down-button {
  subcontrol-origin: padding; subcontrol-position: bottom right; width: 20px; border: none; margin: 0 2px 2px 0;
}
QSpinBox::up-button:hover, QSpinBox::down-button:hover { background: ${hover}; border-radius: 3px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("${icons}/arrow-up.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QComboBox::down-arrow {
  image: url("${icons}/arrow-down.svg"); width: 10px; height: 10px;
}
QComboBox::drop-down { border: none; width: 24px; }

QScrollBar { background: transparent; }
QScrollBar:vertical { width: 12px; margin: 0; }
QScrollBar:horizontal { height: 12px; margin: 0; }
QScrollBar::handle { background: ${handle}; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QStatusBar { background: ${surface}; border-top: 1px solid ${line}; color: ${muted}; min-height: 28px; }
QStatusBar::item { border: none; }
QPushButton#status-failed { margin-left: 8px; }
QStatusBar QLabel { color: ${muted}; }

QSpinBox[role="quiet"] { background: transparent; border-color: transparent; min-height: 24px; padding: 0; }
QSpinBox[role="quiet"]:hover { border-color: ${line}; }
QSpinBox[role="quiet"]:focus { border: 1px solid ${accent}; min-height: 24px; padding: 0; }

QListView#nav { background: transparent; border: none; border-radius: 0; }
QFrame[role="side"] QPushButton { text-align: left; padding: 0 9px; }
""")


def stylesheet(colors: Mapping[str, str], icons: Path) -> str:
    """The rules with the colours of one scheme put in, by token name, and the folder of the icons."""
    values = {token.replace("-", "_"): value for token, value in colors.items()}
    return _RULES.substitute(values, icons=icons.as_posix())
