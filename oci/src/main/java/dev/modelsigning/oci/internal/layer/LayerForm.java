package dev.modelsigning.oci.internal.layer;

/** How a layer contains files. */
public enum LayerForm {
  /** The layer is a file: its digest is that of the file. */
  FILE,
  /** An archive, not compressed. */
  TAR,
  /** An archive, compressed with gzip. */
  TAR_GZIP
}
