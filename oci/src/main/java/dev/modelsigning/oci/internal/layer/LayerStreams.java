package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** Opens a layer in a registry. */
public final class LayerStreams {

  private final Registry registry;
  private final OciReference model;
  private final ModelLayer layer;

  /**
   * Names a layer.
   *
   * @param registry the registry that has it
   * @param model the model with its digest, which also names the repository
   * @param layer the layer
   */
  public LayerStreams(Registry registry, OciReference model, ModelLayer layer) {
    this.registry = registry;
    this.model = model;
    this.layer = layer;
  }

  /** Opens a part of the layer, whose digest is not checked. */
  public ReadableByteChannel open(long from, long to) throws IOException {
    return registry.open(model.repository(), layer.blob(), from, to);
  }

  /** Opens the whole layer, whose digest is checked before the channel says that it ended. */
  public ReadableByteChannel openChecked(long from, long to) throws IOException {
    if (from != 0 || to != layer.blob().size()) {
      throw new UnusableLayerException(
          shown() + " cannot be read in parts: its digest is checked over the whole");
    }
    return new CheckedChannel(stream());
  }

  /** Begins to read the files of a layer that is an archive. */
  public LayerArchive archive() throws IOException {
    return new LayerArchive(layer, shown(), stream());
  }

  private InputStream stream() throws IOException {
    return Channels.newInputStream(open(0, layer.blob().size()));
  }

  private String shown() {
    return model + ": the layer " + layer.blob().digest();
  }

  /** The bytes of a layer as a channel. Whoever reads the last byte has the digest checked, too. */
  private final class CheckedChannel implements ReadableByteChannel {
    private final CheckedLayer in;
    private final byte[] buffer = new byte[128 * 1024];
    private long left = layer.blob().size();
    private boolean open = true;

    CheckedChannel(InputStream bytes) throws IOException {
      in = new CheckedLayer(bytes, layer.blob());
      finishAtEnd();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!into.hasRemaining()) {
        return 0;
      }
      try {
        int read = in.read(buffer, 0, Math.min(buffer.length, into.remaining()));
        if (read > 0) {
          into.put(buffer, 0, read);
          left -= read;
          finishAtEnd();
        }
        return read;
      } catch (UnusableLayerException e) {
        throw new UnusableLayerException(shown() + " " + e.getMessage());
      }
    }

    /** A reader that knows the size may not ask for more. */
    private void finishAtEnd() throws IOException {
      if (left == 0) {
        in.finish();
      }
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      in.close();
    }
  }
}
