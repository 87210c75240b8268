package dev.modelsigning.oci.internal.layer;

import java.io.IOException;

/** A manifest or a layer whose files would not be the same for every program that unpacks it. */
public final class UnusableLayerException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message names the layer. */
  public UnusableLayerException(String message) {
    super(message);
  }
}
