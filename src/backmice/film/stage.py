"""The stage: draws one frame's state with VTK, off the screen, and returns it as pixels."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pyvista as pv
from scipy.spatial import cKDTree
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

from backmice.film.back import CLOTH_RGB, Back
from backmice.film.camera import HALF_DEG, HEIGHT, WIDTH, Aim
from backmice.film.frame import Area, Dent, Frame
from backmice.film.lumps import RGB
from backmice.film.mesh import eased
from backmice.film.props import PROPS, Piece

#: As the figures' stage: dark, in both themes of the book.
BOTTOM, TOP = "#131d1d", "#3c4a49"
#: From where, how bright, in which colour; the first is the window, the second the room.
LIGHTS = (
    ((-700, -900, 800), 0.68, "#fff3e4"), ((800, -700, 150), 0.24, "#dce8ff"), ((0, -500, 1000), 0.14, "#ffffff"),
    ((500, 700, 400), 0.30, "#cfe2ea"), ((-500, 700, 300), 0.22, "#ffe9dc"),
)  # fmt: skip
#: From this opacity on the skin is drawn as if nothing could be seen through it.
CLOSED = 0.97
SHADOW_MM = 26.0


class Stage:
    """A window off the screen with the back in it; `draw` sets it to a frame and returns pixels."""

    def __init__(self, back: Back) -> None:
        os.environ.pop("DISPLAY", None)
        pv.OFF_SCREEN = True
        self.back = back
        self.plotter = pv.Plotter(off_screen=True, window_size=(WIDTH, HEIGHT), lighting="none")
        self.plotter.set_background(BOTTOM, top=TOP)
        for place, bright, colour in LIGHTS:
            light = pv.Light(position=place, focal_point=(0, 0, 20), color=colour, intensity=bright)
            self.plotter.add_light(light)
        self.plotter.render_window.SetMultiSamples(0)  # four samples take three times as long on a processor
        self.plotter.renderer.SetUseFXAA(True)
        self.actors: dict[str, list[tuple[pv.Actor, np.ndarray, str]]] = {}
        self.loose: list[pv.Actor] = []
        self.lit: dict[str, float] = {}
        self.skin_state = b""
        self.pieces: dict[str, list[tuple[Piece, pv.Actor]]] = {}
        self.planes: dict[str, vtkPlane] = {}
        for part in back.parts:
            actor = self._add(part.mesh, part.rgb, part.opacity, part.layer)
            self.actors.setdefault(_key(part), []).append((actor, part.rgb, part.layer))
        for id_, bump in back.lumps.items():
            mesh = bump.mesh.copy()
            mesh.points = bump.placed()
            self.actors[f"lump:{id_}"] = [
                (self._add(mesh, np.array(RGB[bump.lump.kind], float), 1.0, "lump"), None, "lump")
            ]
        self.cloth = self._add(back.cloth, CLOTH_RGB, 1.0, "cloth")
        self.cloth.prop.culling = "back"  # its far side would be mixed with the faint skin in the wrong order
        self.skin = back.skin.copy()
        self.skin["rgba"] = np.zeros((self.skin.n_points, 4), "u1")
        self.skin_actor = self.plotter.add_mesh(
            self.skin,
            scalars="rgba",
            rgb=True,
            smooth_shading=True,
            specular=0.1,
            specular_power=16,
            ambient=0.1,
            render=False,
            culling="back",
        )
        self.grab = vtkWindowToImageFilter()
        self.grab.SetInput(self.plotter.render_window)
        self.grab.ShouldRerenderOff()
        self.grab.ReadFrontBufferOff()
        self.plotter.show(auto_close=False)

    def close(self) -> None:
        """Let go of the window."""
        self.plotter.close()

    def draw(self, frame: Frame, aim: Aim) -> np.ndarray:
        """Return the picture, uint8 (height, width, 3)."""
        if frame.exam is None:
            self._layers(frame)
            self._lumps(frame)
            self._props(frame)
            self._loose(frame)
            self._skin(frame, aim)
        camera = self.plotter.camera
        camera.position, camera.focal_point, camera.up = tuple(aim.eye), tuple(aim.centre), tuple(aim.axes[1])
        camera.view_angle = 2 * np.degrees(np.arctan(np.tan(np.radians(HALF_DEG)) * HEIGHT / WIDTH))
        camera.clipping_range = (max(50, aim.distance - 700), aim.distance + 900)
        self.plotter.render_window.Render()
        self.grab.Modified()
        self.grab.Update()
        pixels = vtk_to_numpy(self.grab.GetOutput().GetPointData().GetScalars())
        return pixels.reshape(HEIGHT, WIDTH, -1)[::-1, :, :3].copy()

    def _add(self, mesh: pv.PolyData, rgb: np.ndarray, opacity: float, kind: str) -> pv.Actor:
        mesh = mesh.copy()
        mesh["rgb"] = np.broadcast_to(np.clip(rgb, 0, 255), (mesh.n_points, 3)).astype("u1")
        shine = {"bone": (0.12, 14), "lump": (0.35, 30), "nerve": (0.3, 30), "muscle": (0.08, 8)}.get(kind, (0.1, 12))
        return self.plotter.add_mesh(
            mesh, scalars="rgb", rgb=True, smooth_shading=True, opacity=opacity, specular=shine[0], specular_power=shine[1],
            ambient=0.12, render=False,
        )  # fmt: skip

    def _layers(self, frame: Frame) -> None:
        closed = frame.opacity.get("skin", 1.0) >= CLOSED and "skin" not in frame.kept
        for part_key, actors in self.actors.items():
            if part_key.startswith("lump:"):
                continue
            structure, _, spread = part_key.partition("#")
            shown = frame.opacity.get(structure, 0.0)
            if spread:
                shown = min(shown, 1.0) if structure in frame.spreads else 0.0
            lit = frame.lit.get(structure, 0.0)
            if closed and actors[0][2] != "region":
                shown = 0.0  # nothing under a closed skin needs drawing
            for actor, rgb, _ in actors:
                self._show(actor, shown * (0.5 if spread else 1.0))
                if not spread and lit != self.lit.get(part_key, 0.0):
                    colours = _lit(rgb, lit)
                    mesh = actor.mapper.dataset
                    mesh["rgb"][:] = np.broadcast_to(np.clip(colours, 0, 255), (mesh.n_points, 3)).astype("u1")
                    mesh.GetPointData().GetArray("rgb").Modified()
                self._keep(actor, part_key, frame.kept.get(structure))
            self.lit[part_key] = lit

    def _keep(self, actor: pv.Actor, key: str, kept: tuple[str, float] | None) -> None:
        """Cut a layer off at a plane that travels inwards from the side from which it is peeled."""
        if kept is None:
            actor.mapper.RemoveAllClippingPlanes()
            return
        plane = self.planes.setdefault(key, vtkPlane())
        side, done = kept
        sign = 1 if side == "left" else -1
        plane.SetOrigin(sign * 210 * (1 - done), 0, 0)
        plane.SetNormal(-sign, 0, 0)
        if actor.mapper.GetClippingPlanes() is None or not actor.mapper.GetClippingPlanes().GetNumberOfItems():
            actor.mapper.AddClippingPlane(plane)

    def _show(self, actor: pv.Actor, opacity: float) -> None:
        actor.SetVisibility(opacity > 0.01)
        actor.prop.opacity = opacity

    def _lumps(self, frame: Frame) -> None:
        for id_, bump in self.back.lumps.items():
            ((actor, _, _),) = self.actors[f"lump:{id_}"]
            self._show(actor, 0.0 if id_ in frame.hidden_lumps else 1.0)
            mesh = actor.mapper.dataset
            mesh.points = bump.placed(frame.slides.get(id_), frame.swells.get(id_, 1.0))
            base = np.array(RGB[bump.lump.kind], float)
            mesh["rgb"][:] = np.clip(_lit(base, frame.lit.get(f"lump:{id_}", 0.0)), 0, 255).astype("u1")
            _smooth(mesh)

    def _props(self, frame: Frame) -> None:
        for pieces in self.pieces.values():
            for _, actor in pieces:
                actor.SetVisibility(False)
        for prop in frame.props:
            if prop.name not in self.pieces:
                self.pieces[prop.name] = [
                    (piece, self._add(piece.mesh, piece.rgb, piece.opacity, "lump" if piece.shiny else "prop"))
                    for piece in PROPS[prop.name]()
                ]
            for piece, actor in self.pieces[prop.name]:
                matrix = prop.matrix.copy()
                matrix[:3, 3] += prop.matrix[:3, :3] @ piece.draw * prop.drawn
                actor.user_matrix = matrix
                self._show(actor, piece.opacity * prop.opacity)

    def _loose(self, frame: Frame) -> None:
        for actor in self.loose:
            self.plotter.remove_actor(actor, render=False)
        self.loose = []
        for line in frame.lines:
            if len(line.points) > 1:
                tube = pv.lines_from_points(line.points).tube(radius=line.radius_mm, n_sides=8)
                self.loose.append(self._add(tube, np.array(line.rgb, float), line.opacity, "prop"))
        for centre, radius, rgb, opacity in frame.balls:
            ball = pv.Sphere(radius=radius, center=centre, theta_resolution=24, phi_resolution=24)
            self.loose.append(self._add(ball, np.array(rgb, float), opacity, "lump"))

    def _skin(self, frame: Frame, aim: Aim) -> None:
        opacity = frame.opacity.get("skin", 1.0)
        kept = frame.kept.get("skin")
        self._show(self.cloth, 1.0 if opacity >= CLOSED else opacity * 0.9)
        self.skin_actor.SetVisibility(opacity > 0.01)
        self._keep(self.skin_actor, "skin", kept)
        self._keep(self.cloth, "cloth", kept)
        if opacity <= 0.01:
            return
        hands = [(prop.name, prop.matrix, prop.opacity) for prop in frame.props]
        seen_from = aim.direction if opacity < CLOSED else None
        state = pickle.dumps((opacity, frame.dents, frame.bulges, frame.areas, hands, seen_from))
        if state == self.skin_state:
            return
        self.skin_state = state
        points = self.back.rest.copy()
        for dent in frame.dents + frame.bulges:
            points += _pressed(self.back.rest, self.back.normals, dent)
        self.skin.points = points
        normals = self.back.normals
        if frame.dents or frame.bulges:
            _smooth(self.skin)
            normals = np.asarray(self.skin["Normals"])
        else:
            self.skin["Normals"] = normals
        rgb = self.back.rgb * self._shade(frame, points)[:, None]
        for area in frame.areas:
            rgb = _tinted(rgb, points, area)
        alpha = 255.0
        if opacity < CLOSED:  # seen through straight on, closed towards its edges
            facing = np.abs(normals @ aim.direction)
            alpha = 255 * np.clip(opacity + (1 - opacity) * 0.55 * (1 - facing) ** 2.5, 0, 1)
        rgba = self.skin["rgba"]
        rgba[:, :3] = np.clip(rgb, 0, 255)
        rgba[:, 3] = alpha
        self.skin.GetPointData().GetArray("rgba").Modified()
        self.skin.Modified()
        self.skin_actor.ForceTranslucentOff() if opacity >= CLOSED else self.skin_actor.ForceTranslucentOn()

    def _shade(self, frame: Frame, points: np.ndarray) -> np.ndarray:
        """Return how bright each point of the skin is: darker under what touches it and in a dent."""
        bright = np.ones(len(points))
        for prop in frame.props:
            for piece in (p for p, _ in self.pieces.get(prop.name, ()) if p.shades):
                place = np.asarray(piece.mesh.points)[::3] @ prop.matrix[:3, :3].T + prop.matrix[:3, 3]
                near = np.flatnonzero(np.linalg.norm(points - place.mean(0), axis=1) < 190)
                if len(near):
                    # Light comes from the left and above: the shadow falls to the right and below.
                    off, _ = cKDTree(place + [5, 3, -6]).query(points[near], distance_upper_bound=SHADOW_MM)
                    dark = 0.5 * np.exp(-np.clip(off, 0, 99) / 7.5) * prop.opacity
                    bright[near] *= 1 - dark
        return bright


def _smooth(mesh: pv.PolyData) -> None:
    """Give a mesh that changed its shape the normals of that shape; those that are there would be kept."""
    mesh.point_data.pop("Normals", None)
    mesh.compute_normals(inplace=True, split_vertices=False, cell_normals=False, auto_orient_normals=False)


def _lit(rgb: np.ndarray, amount: float) -> np.ndarray:
    """Return a colour set off: what is dark becomes lighter, what is pale becomes amber, each still unlike the other."""
    pale = np.mean(rgb, axis=-1, keepdims=True) > 185
    towards = np.where(pale, [255, 196, 64], [255, 255, 255])
    return rgb + (towards - rgb) * np.where(pale, 0.6, 0.45) * amount


def _key(part) -> str:
    return part.structure + ("#spread" if part.spread else "")


def _pressed(points: np.ndarray, normals: np.ndarray, dent: Dent) -> np.ndarray:
    """Return how far each point moves: in at the middle, a little out around it, and along with the pad."""
    out = np.zeros_like(points)
    far = np.linalg.norm(points - dent.at, axis=1)
    near = (far < 4 * dent.radius_mm) & (normals @ dent.inward < -0.2)  # not the other side of the body
    share = (far[near] / dent.radius_mm) ** 2
    deep = dent.depth_mm * (np.exp(-share) - 0.16 * share * np.exp(-share / 3.2) / 1.18)
    out[near] = deep[:, None] * dent.inward + np.exp(-share / 2.5)[:, None] * dent.drag
    return out


def _tinted(rgb: np.ndarray, points: np.ndarray, area: Area) -> np.ndarray:
    """Colour an area that fades outwards without an edge, and forwards where it still grows."""
    steps = np.linspace(0, len(area.path) - 1, 60)
    path = np.stack([np.interp(steps, range(len(area.path)), area.path[:, k]) for k in (0, 1)], 1)
    off, nearest = cKDTree(path).query(points[:, [0, 2]])
    reached = eased((1.5 * area.shown - nearest / len(path)) / 0.5)
    wide = area.width_mm * (0.46 + 0.26 * nearest / len(path))  # it spreads on its way
    share = 0.46 * np.exp(-((off / wide) ** 2)) * reached * eased((130 - points[:, 1]) / 50)
    return rgb * (1 - share[:, None]) + np.array(area.rgb, float) * share[:, None]
