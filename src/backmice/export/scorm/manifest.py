"""The manifest of a package: what it is called, what is launched, what passes, and each file."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from backmice.export.paper import Paper
from backmice.export.xml import xml_bytes

XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: By version: the namespaces of SCORM 1.2 and of SCORM 2004, 4th edition.
CP = {"1.2": "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "2004": "http://www.imsglobal.org/xsd/imscp_v1p1"}
ADL = {"1.2": "http://www.adlnet.org/xsd/adlcp_rootv1p2", "2004": "http://www.adlnet.org/xsd/adlcp_v1p3"}
SEQUENCING = "http://www.imsglobal.org/xsd/imsss"
SCHEMA = {"1.2": "1.2", "2004": "2004 4th Edition"}
TYPE = {"1.2": "scormtype", "2004": "scormType"}


def manifest(paper: Paper, version: str, paths: Iterable[str], passing: float) -> bytes:
    """Return imsmanifest.xml.

    Parameters
    ----------
    paths
        Every file of the package.
    passing
        The share of all points that passes, 0 to 1.
    """
    spaces = {None: CP[version], "adlcp": ADL[version], "xsi": XSI}
    if version == "2004":
        spaces["imsss"] = SEQUENCING
    root = etree.Element(
        etree.QName(CP[version], "manifest"), identifier=f"backmice-{paper.id}", version="1", nsmap=spaces
    )
    metadata = _below(root, "metadata")
    _below(metadata, "schema", "ADL SCORM")
    _below(metadata, "schemaversion", SCHEMA[version])
    organizations = _below(root, "organizations", default="course")
    organization = _below(organizations, "organization", identifier="course")
    _below(organization, "title", paper.title)
    item = _below(organization, "item", identifier="quiz", identifierref="files")
    _below(item, "title", paper.title)
    if version == "1.2":
        etree.SubElement(item, f"{{{ADL[version]}}}masteryscore").text = f"{100 * passing:g}"
    else:
        sequencing = etree.SubElement(item, f"{{{SEQUENCING}}}sequencing")
        objectives = etree.SubElement(sequencing, f"{{{SEQUENCING}}}objectives")
        primary = etree.SubElement(objectives, f"{{{SEQUENCING}}}primaryObjective", satisfiedByMeasure="true")
        etree.SubElement(primary, f"{{{SEQUENCING}}}minNormalizedMeasure").text = f"{passing:g}"
        # The package says itself when it is completed, and what that is worth.
        etree.SubElement(
            sequencing, f"{{{SEQUENCING}}}deliveryControls", completionSetByContent="true", objectiveSetByContent="true"
        )
    resources = _below(root, "resources")
    resource = _below(resources, "resource", identifier="files", type="webcontent", href="index.html")
    resource.set(f"{{{ADL[version]}}}{TYPE[version]}", "sco")
    for path in paths:
        _below(resource, "file", href=path)
    etree.indent(root)
    return xml_bytes(root)


def _below(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Add an element in the namespace of its parent."""
    element = etree.SubElement(parent, etree.QName(parent.nsmap[None], name), **attributes)
    element.text = text
    return element
