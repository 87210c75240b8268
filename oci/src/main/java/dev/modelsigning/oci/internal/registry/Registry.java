package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/** A registry (OCI distribution specification). Thread-safe. */
public final class Registry {

  private Registry() {}

  /** The registry of a reference. */
  public static Registry of(OciReference any, RegistrySettings settings) {
    return new Registry();
  }

  /** Fetches the manifest or index that a reference names. */
  public StoredManifest resolve(OciReference reference) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Fetches a small blob, whose size and digest are checked. */
  public byte[] blob(String repository, Descriptor blob, int max) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Opens a range of a blob; whoever reads a whole one checks its digest. */
  public ReadableByteChannel open(String repository, Descriptor blob, long from, long to)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Whether the registry has a blob. */
  public boolean has(String repository, OciDigest blob) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Pushes a blob unless it is there. */
  public void push(String repository, Descriptor blob, BlobContent content, LongConsumer progress)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Pushes a manifest; returns whether the registry said that it lists its subject's referrers. */
  public boolean pushManifest(
      String repository, String tagOrDigest, String mediaType, byte[] manifest) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** What refers to a manifest. */
  public Referrers referrers(String repository, OciDigest subject) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Pushes a manifest about another one, so that it is found from there; returns its digest. */
  public OciDigest attach(
      String repository, Descriptor subject, ImageManifest referrer, AttachMode mode)
      throws IOException {
    throw new UnsupportedOperationException();
  }
}
