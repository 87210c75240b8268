package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The client of one registry (OCI distribution specification v1.1): TLS except on this machine,
 * credentials as docker and podman have them, limits on sizes, numbers and time. Whatever it is
 * asked for by digest has that digest, or is refused, except for blobs that are streamed, which the
 * reader checks. Thread-safe.
 */
public final class Registry {

  private final Exchange exchange;
  private final Manifests manifests;

  /**
   * Returns the same registry, where all that is asked from now on may take a limited time in all,
   * {@link RegistrySettings#search}: for what is found by following what the registry says.
   */
  public Registry searching() {
    return new Registry(exchange.searching());
  }

  /**
   * Returns the same registry, where all that is asked from now on may take this long in all, and
   * {@link #searching} no longer.
   */
  public Registry within(Duration limit) {
    return new Registry(exchange.within(limit));
  }

  private Registry(Exchange exchange) {
    this.exchange = exchange;
    this.manifests = new Manifests(exchange);
  }

  /**
   * The registry of a reference. Nothing is asked yet.
   *
   * @param any a reference to anything in it
   * @param settings how it is asked
   */
  public static Registry of(OciReference any, RegistrySettings settings) {
    return new Registry(new Exchange(any.registry(), settings));
  }

  /**
   * Fetches the manifest or index that a reference names. With a tag and a digest it is that of the
   * digest, and the result says where the tag is, which may have moved since.
   *
   * @throws IOException if it is not there, is malformed, or has another digest
   */
  public StoredManifest resolve(OciReference reference) throws IOException {
    requireHere(reference);
    if (reference.digest().isEmpty()) {
      return manifests.tagged(reference.repository(), reference.tag().orElseThrow());
    }
    StoredManifest manifest = manifests.at(reference.repository(), reference.digest().get());
    return new StoredManifest(
        manifest.bytes(), manifest.digest(), manifest.mediaType(), tagDigest(reference));
  }

  /**
   * Where the tag of a reference is now, to notice that it has moved.
   *
   * @return empty if the reference has no tag, or the registry no longer has it
   */
  public Optional<OciDigest> tagDigest(OciReference reference) throws IOException {
    requireHere(reference);
    return reference.tag().isEmpty()
        ? Optional.empty()
        : manifests.find(reference.repository(), reference.tag().get()).map(StoredManifest::digest);
  }

  private void requireHere(OciReference reference) {
    if (!reference.registry().equals(exchange.name())) {
      throw new IllegalArgumentException(reference + " is not in " + exchange.name());
    }
  }

  /**
   * Fetches a small blob, and checks size and digest.
   *
   * @param max the largest size that is accepted, in bytes
   */
  public byte[] blob(String repository, Descriptor blob, int max) throws IOException {
    String service = exchange.service(repository, "@", blob.digest());
    if (blob.size() > max) {
      throw new IOException(service + " has " + blob.size() + " bytes, expected at most " + max);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) blob.size());
    try (ReadableByteChannel channel = open(repository, blob, 0, blob.size())) {
      while (channel.read(bytes) > 0) {
        // Until the end, or until all are here: a byte now and then is no stall.
        exchange.requireTime(service);
      }
    }
    OciDigest digest = OciDigest.of(bytes.array());
    if (!digest.equals(blob.digest())) {
      throw new MalformedImageException(
          service
              + " sent other bytes: their digest is "
              + digest
              + "; the registry is broken or forges it, do not use what it sends");
    }
    return bytes.array();
  }

  /**
   * Opens a range of a blob, to be read while it arrives: exactly its bytes, or an error. A lost
   * connection is opened again where it was. Whoever reads a whole blob checks its digest.
   *
   * @param from the offset of the first byte
   * @param to the offset after the last byte, at most the size of the blob
   */
  public ReadableByteChannel open(String repository, Descriptor blob, long from, long to)
      throws IOException {
    return BlobChannel.open(exchange, repository, blob, from, to);
  }

  /**
   * Requires that something can be pushed to a repository, by pushing a small blob whether or not
   * it is there: only a registry that takes one shows that this user may write.
   */
  public void requireWritable(String repository, Descriptor blob, BlobContent content)
      throws IOException {
    new Upload(exchange, repository, blob, content, bytes -> {}).run();
  }

  /** Whether the registry says that it has a blob. */
  public boolean has(String repository, OciDigest blob) throws IOException {
    return Upload.has(exchange, repository, blob, Access.PULL);
  }

  /**
   * Requires that the registry has a blob of the size that its descriptor says. Nothing is read.
   *
   * @return whether the registry said the size
   * @throws MalformedImageException if it is not there, or has another size; the message is a
   *     predicate, for whoever knows what the blob is
   * @throws IOException if the registry cannot be asked
   */
  public boolean requireBlob(String repository, Descriptor blob) throws IOException {
    Answer answer = Upload.ask(exchange, repository, blob.digest(), Access.PULL);
    if (!answer.isSuccess()) {
      throw new MalformedImageException(
          "is not in the registry, so nobody can load the model from there; push it again");
    }
    String length = answer.header("Content-Length").orElse("").strip();
    if (length.isEmpty() && Exchange.mediaType(answer).equals("text/html")) {
      throw new IOException(
          answer.describe("answered with a page for people; is it the address of a registry?"));
    }
    if (!length.isEmpty() && !length.equals(String.valueOf(blob.size()))) {
      throw new MalformedImageException(
          "has another size in the registry: the manifest says "
              + blob.size()
              + ", found "
              + Printable.quote(length)
              + "; the registry is broken or forges it, do not use it");
    }
    return !length.isEmpty();
  }

  /**
   * Pushes a blob, unless the registry has it.
   *
   * @param blob its digest and size, which the registry checks
   * @param content the same bytes
   * @param progress receives the number of bytes that were sent so far; it falls when something
   *     must be sent again
   * @return whether it was sent; the registry has it in any case
   */
  public boolean push(
      String repository, Descriptor blob, BlobContent content, LongConsumer progress)
      throws IOException {
    if (content.size() != blob.size()) {
      throw new IllegalArgumentException(
          "the content has " + content.size() + " bytes, not " + blob.size());
    }
    if (Upload.has(exchange, repository, blob.digest(), Access.PUSH)) {
      progress.accept(blob.size());
      return false;
    }
    new Upload(exchange, repository, blob, content, progress).run();
    return true;
  }

  /**
   * Pushes a manifest or an index, whose blobs are there.
   *
   * @param tagOrDigest a tag, or its own digest
   * @return whether the registry said that it lists it as a referrer of its subject
   */
  public boolean pushManifest(
      String repository, String tagOrDigest, String mediaType, byte[] manifest) throws IOException {
    return manifests.push(repository, tagOrDigest, mediaType, manifest);
  }

  /**
   * Lists what says to refer to a manifest, by the referrers API and the fallback tag. Nothing of
   * it has been opened: whoever uses a referrer fetches it, and looks at its subject.
   *
   * @throws IOException if there are more than 1,000, or pages without end
   */
  public Referrers referrers(String repository, OciDigest subject) throws IOException {
    return new ReferrerList(exchange, manifests, repository, subject).read();
  }

  /**
   * Requires that a manifest about another one would be found if it was pushed. Nothing is pushed.
   *
   * @param subject the other manifest
   * @throws IOException if it could not be attached in this way
   */
  public void requireAttachable(String repository, Descriptor subject, AttachMode mode)
      throws IOException {
    new Attachment(exchange, manifests, repository, subject).require(mode);
  }

  /**
   * Pushes a manifest about another one, whose blobs are there, so that it is found from the other.
   *
   * @param subject the other manifest, which the referrer names as its subject
   * @return the digest of the referrer
   */
  public OciDigest attach(
      String repository, Descriptor subject, ImageManifest referrer, AttachMode mode)
      throws IOException {
    return new Attachment(exchange, manifests, repository, subject).attach(referrer, mode);
  }
}
