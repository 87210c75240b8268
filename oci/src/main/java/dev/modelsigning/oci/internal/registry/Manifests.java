package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient.TooLongAnswerException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.util.Optional;

/** Manifests and indexes in a registry, whose digests are computed here. */
final class Manifests {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final String DIGEST = "Docker-Content-Digest";

  private final Exchange exchange;

  Manifests(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Fetches the manifest with a digest. */
  StoredManifest at(String repository, OciDigest digest) throws IOException {
    Answer answer = ask(repository, "@", digest);
    if (answer.status() == NOT_FOUND) {
      throw new MalformedImageException(
          String.valueOf(
              Exchange.absent(
                      answer,
                      "has no manifest with this digest; 'oci list' with a tag shows the digest that"
                          + " the tag has now")
                  .getMessage()));
    }
    if (answer.status() != OK) {
      throw exchange.refusal(answer, repository, Access.PULL);
    }
    StoredManifest manifest = read(answer);
    if (!manifest.digest().equals(digest)) {
      throw new MalformedImageException(
          answer.describe(
              "sent other bytes: their digest is "
                  + manifest.digest()
                  + ", expected "
                  + digest
                  + "; the registry is broken or forges it, do not use what it sends"));
    }
    return manifest;
  }

  /** Fetches the manifest with a tag. */
  StoredManifest tagged(String repository, String tag) throws IOException {
    Answer answer = ask(repository, ":", tag);
    if (answer.status() == NOT_FOUND) {
      throw Exchange.absent(
          answer,
          "has no such tag; check the repository and the tag, and whether it needs a log-in");
    }
    if (answer.status() != OK) {
      throw exchange.refusal(answer, repository, Access.PULL);
    }
    return withTag(answer);
  }

  /** Fetches the manifest with a tag, if the tag is there. */
  Optional<StoredManifest> find(String repository, String tag) throws IOException {
    Answer answer = ask(repository, ":", tag);
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    if (answer.status() != OK) {
      throw exchange.refusal(answer, repository, Access.PULL);
    }
    return Optional.of(withTag(answer));
  }

  private static StoredManifest withTag(Answer answer) throws IOException {
    StoredManifest manifest = read(answer);
    return new StoredManifest(
        manifest.bytes(), manifest.digest(), manifest.mediaType(), Optional.of(manifest.digest()));
  }

  private Answer ask(String repository, String separator, Object reference) throws IOException {
    Request request =
        Request.get(
                exchange.service(repository, separator, reference),
                exchange.uri(repository, "manifests/" + reference))
            .withHeader("Accept", MediaTypes.accepted())
            .withMaxLength(ImageManifest.MAX_LENGTH)
            .followingRedirects();
    try {
      return exchange.send(request, repository, Access.PULL);
    } catch (TooLongAnswerException e) {
      // Whoever may push can push this, which must not hide what else there is.
      throw new MalformedImageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static StoredManifest read(Answer answer) throws IOException {
    String type = Exchange.mediaType(answer);
    if (!MediaTypes.isManifest(type) && !MediaTypes.isIndex(type)) {
      throw new MalformedImageException(
          answer.describe(
              "answered with "
                  + (type.isEmpty() ? "no type" : Printable.quote(type))
                  + ", expected a manifest ("
                  + MediaTypes.MANIFEST
                  + "); is it the address of a registry?"));
    }
    byte[] bytes = answer.content();
    OciDigest digest = OciDigest.of(bytes);
    requireSame(answer, digest);
    try {
      if (MediaTypes.isIndex(type)) {
        ImageIndex.read(bytes);
      } else {
        ImageManifest.read(bytes);
      }
      ImageManifest.requireType(bytes, type);
    } catch (MalformedImageException e) {
      throw new MalformedImageException(
          answer.describe("sent a " + e.getMessage() + " (its digest is " + digest + ")"), e);
    }
    return new StoredManifest(bytes, digest, type, Optional.empty());
  }

  /** The digest that the registry says, if it says one, must be that of the bytes. */
  private static void requireSame(Answer answer, OciDigest digest) throws IOException {
    String said = answer.header(DIGEST).orElse("").strip();
    if (!said.isEmpty() && !said.equals(digest.toString())) {
      throw new MalformedImageException(
          answer.describe(
              "says another digest than that of the bytes: "
                  + Printable.quote(said)
                  + ", and they have "
                  + digest
                  + "; the registry is broken or forges it, do not use it"));
    }
  }

  /**
   * Pushes a manifest or an index.
   *
   * @return whether the registry said that it lists it as a referrer of its subject
   */
  boolean push(String repository, String tagOrDigest, String mediaType, byte[] manifest)
      throws IOException {
    OciDigest digest = OciDigest.of(manifest);
    boolean byDigest = tagOrDigest.indexOf(':') >= 0;
    if (byDigest && !tagOrDigest.equals(digest.toString())) {
      throw new IllegalArgumentException(
          "the manifest has the digest " + digest + ", not " + tagOrDigest);
    }
    Request request =
        Request.put(
                exchange.service(repository, byDigest ? "@" : ":", tagOrDigest),
                exchange.uri(repository, "manifests/" + tagOrDigest),
                manifest)
            .withHeader("Content-Type", mediaType);
    Answer answer = exchange.send(request, repository, Access.PUSH);
    if (!answer.isSuccess()) {
      throw exchange.refusal(answer, repository, Access.PUSH);
    }
    requireSame(answer, digest);
    return answer.header("OCI-Subject").isPresent();
  }
}
