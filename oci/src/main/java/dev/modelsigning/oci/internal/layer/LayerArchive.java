package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.tar.GzipStream;
import dev.modelsigning.internal.tar.MalformedTarException;
import dev.modelsigning.internal.tar.TarEntry;
import dev.modelsigning.internal.tar.TarReader;
import dev.modelsigning.internal.text.CanonicalPath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** The files of a layer that is an archive, one after the other. */
public final class LayerArchive implements AutoCloseable {

  /** The largest number of entries of an archive: as many as a manifest of usual size lists. */
  static final int MAX_ENTRIES = 2_000_000;

  private static final int BUFFER = 128 * 1024;

  private final ModelLayer layer;
  private final String shown;
  private final CheckedLayer raw;
  private final InputStream inflated;
  private final TarReader reader;
  private int entries;

  /**
   * Begins to read a layer.
   *
   * @param layer the layer, which is an archive
   * @param shown what messages call it
   * @param bytes its bytes, closed with this
   */
  public LayerArchive(ModelLayer layer, String shown, InputStream bytes) {
    this.layer = layer;
    this.shown = shown;
    this.raw = new CheckedLayer(bytes, layer.blob());
    this.inflated = layer.form() == LayerForm.TAR_GZIP ? new GzipStream(raw) : raw;
    this.reader = new TarReader(inflated);
  }

  /**
   * Goes to the next file.
   *
   * @return the file, with a canonical name; empty when all files were read and the digest of the
   *     layer was right, before which nothing counts
   * @throws IOException if the layer is damaged, is not what its descriptor says, or has what
   *     cannot be part of a model
   */
  public Optional<TarEntry> next() throws IOException {
    try {
      while (true) {
        Optional<TarEntry> entry = reader.next();
        if (entry.isEmpty()) {
          raw.finish();
          return entry;
        }
        entries++;
        if (entries > MAX_ENTRIES) {
          throw new UnusableLayerException("has more than " + MAX_ENTRIES + " entries");
        }
        requirePlace(entry.get());
        if (!entry.get().directory()) {
          return entry;
        }
      }
    } catch (MalformedTarException | UnusableLayerException | EOFException e) {
      throw failure(e);
    }
  }

  /**
   * Reads from the file that {@link #next} returned.
   *
   * @return the number of bytes; -1 at its end
   */
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return reader.read(into, offset, length);
    } catch (MalformedTarException | UnusableLayerException | EOFException e) {
      throw failure(e);
    }
  }

  /** Failures of the registry name it and the digest already; these do not. */
  private UnusableLayerException failure(IOException cause) {
    return new UnusableLayerException(shown + " " + cause.getMessage());
  }

  /** The content of the file that {@link #next} returned, as a channel that leaves this open. */
  public ReadableByteChannel channel() {
    return new ReadableByteChannel() {
      private final byte[] buffer = new byte[BUFFER];
      private boolean open = true;

      @Override
      public int read(ByteBuffer into) throws IOException {
        if (!into.hasRemaining()) {
          return 0;
        }
        int read = LayerArchive.this.read(buffer, 0, Math.min(buffer.length, into.remaining()));
        if (read > 0) {
          into.put(buffer, 0, read);
        }
        return read;
      }

      @Override
      public boolean isOpen() {
        return open;
      }

      @Override
      public void close() {
        open = false;
      }
    };
  }

  private void requirePlace(TarEntry entry) throws UnusableLayerException {
    String name = entry.name();
    if (entry.directory() && name.isEmpty()) {
      return;
    }
    String problem = CanonicalPath.problem(name);
    if (problem != null) {
      throw new UnusableLayerException(
          "has an entry whose name " + problem + ", " + Printable.quote(name));
    }
    boolean within =
        layer.name().isEmpty()
            || name.startsWith(layer.name() + "/")
            || (entry.directory() && isAbove(name));
    if (!within) {
      throw new UnusableLayerException(
          "has an entry outside of its directory "
              + Printable.quote(layer.name())
              + ", "
              + Printable.quote(name));
    }
  }

  private boolean isAbove(String directory) {
    return layer.name().equals(directory) || layer.name().startsWith(directory + "/");
  }

  @Override
  public void close() throws IOException {
    inflated.close();
  }
}
