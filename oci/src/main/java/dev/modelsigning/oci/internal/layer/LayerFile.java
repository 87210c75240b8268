package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/**
 * A file of a model in a registry. It is read once, from its start to its end: a registry may not
 * offer ranges, and an archive has none.
 */
public final class LayerFile implements ModelFile {

  private final String name;
  private final String location;
  private final long size;
  private final Version version;
  private final Opening opening;

  /** Opens the content. */
  @FunctionalInterface
  public interface Opening {
    /**
     * Opens a part.
     *
     * @param from the first byte
     * @param to the byte after the last one
     */
    ReadableByteChannel open(long from, long to) throws IOException;
  }

  /** The digest of the layer with a file: content cannot have another one. */
  private record LayerVersion(OciDigest layer) implements Version {
    @Override
    public String toString() {
      return layer.toString();
    }
  }

  /**
   * Creates a file.
   *
   * @param name its name in the model
   * @param location where it is, for messages
   * @param size its length in bytes
   * @param layer the digest of the layer
   * @param opening how it is read
   */
  public LayerFile(String name, String location, long size, OciDigest layer, Opening opening) {
    this.name = name;
    this.location = location;
    this.size = size;
    this.version = new LayerVersion(layer);
    this.opening = opening;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    return opening.open(from, to);
  }

  /** The digest of the layer is its version. */
  @Override
  public void requireUnchanged() {}

  @Override
  public boolean cheapRanges() {
    return false;
  }
}
