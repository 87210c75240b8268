package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A Sigstore bundle with a signature over a model (OMS 4): the file {@code model.sig}.
 *
 * <p>Reading a bundle checks its format only. Its content must not be relied on before a verifier
 * has verified the signature.
 *
 * @param mediaType the version of the bundle format, one of {@link #MEDIA_TYPES}
 * @param verificationMaterial what the bundle says about the signer's key
 * @param tlogEntries transparency log entries, in the order of the bundle
 * @param rfc3161Timestamps RFC 3161 time-stamp responses in DER, in the order of the bundle
 * @param envelope the signed statement
 * @param laterTimestamps time stamps of the bundle's file, which are not part of it
 */
public record Bundle(
    String mediaType,
    VerificationMaterial verificationMaterial,
    List<TransparencyLogEntry> tlogEntries,
    List<Bytes> rfc3161Timestamps,
    Envelope envelope,
    LaterTimestamps laterTimestamps) {

  /** The version of the bundle format that is written. */
  public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  /** The versions of the bundle format that are read. */
  public static final Set<String> MEDIA_TYPES =
      Set.of(
          MEDIA_TYPE,
          "application/vnd.dev.sigstore.bundle+json;version=0.1",
          "application/vnd.dev.sigstore.bundle+json;version=0.2",
          "application/vnd.dev.sigstore.bundle+json;version=0.3");

  /** The largest bundle that is read or written, in bytes: sufficient for a million files. */
  public static final int MAX_SIZE = FileKind.BUNDLE.maxSize();

  /** Copies the lists and checks the media type. */
  public Bundle {
    if (!MEDIA_TYPES.contains(mediaType)) {
      throw new IllegalArgumentException("not the media type of a bundle: " + mediaType);
    }
    tlogEntries = List.copyOf(tlogEntries);
    rfc3161Timestamps = List.copyOf(rfc3161Timestamps);
  }

  /** Creates a bundle without time stamps of its file. */
  public Bundle(
      String mediaType,
      VerificationMaterial verificationMaterial,
      List<TransparencyLogEntry> tlogEntries,
      List<Bytes> rfc3161Timestamps,
      Envelope envelope) {
    this(
        mediaType,
        verificationMaterial,
        tlogEntries,
        rfc3161Timestamps,
        envelope,
        LaterTimestamps.NONE);
  }

  /** Returns a bundle of the current version, without log entries and time stamps. */
  public static Bundle of(VerificationMaterial material, Envelope envelope) {
    return new Bundle(MEDIA_TYPE, material, List.of(), List.of(), envelope);
  }

  /**
   * Returns the same bundle with one more RFC 3161 time-stamp response, in DER. Time stamps of a
   * file do not apply to it.
   */
  public Bundle withTimestamp(Bytes response) {
    List<Bytes> more = new ArrayList<>(rfc3161Timestamps);
    more.add(response);
    return new Bundle(mediaType, verificationMaterial, tlogEntries, more, envelope);
  }

  /** Returns the same bundle with time stamps of its file. */
  public Bundle withLaterTimestamps(LaterTimestamps stamps) {
    return new Bundle(
        mediaType, verificationMaterial, tlogEntries, rfc3161Timestamps, envelope, stamps);
  }

  /** Returns the same bundle without time stamps, also of its file. */
  public Bundle withoutTimestamps() {
    return new Bundle(mediaType, verificationMaterial, tlogEntries, List.of(), envelope);
  }

  /**
   * Reads a bundle from a file.
   *
   * @param path the file
   * @throws IOException if the file cannot be read
   * @throws MalformedBundleException if it is not a valid bundle, or larger than {@link #MAX_SIZE}
   */
  public static Bundle read(Path path) throws IOException, MalformedBundleException {
    return StoredBundle.read(path).bundle();
  }

  /**
   * Parses a bundle.
   *
   * @throws MalformedBundleException if it is not a valid bundle, or larger than {@link #MAX_SIZE}
   */
  public static Bundle parse(Bytes json) throws MalformedBundleException {
    if (json.length() > MAX_SIZE) {
      throw new MalformedBundleException("bundle: is larger than " + MAX_SIZE + " bytes");
    }
    return BundleJson.read(json);
  }

  /**
   * The bundle as JSON. Equal bundles give equal bytes. They are produced each time they are read,
   * so a large payload is held in memory once, or not at all.
   */
  public Bytes toJson() {
    return BundleJson.write(this);
  }

  /**
   * Writes the bundle to a file. The write is atomic: if anything fails, an existing file is left
   * unchanged.
   *
   * @param path the file, which is replaced if it exists
   * @throws IOException if it cannot be written, or the path is a link or not a regular file
   */
  public void write(Path path) throws IOException {
    WholeFile.write(path, toJson()::writeTo);
  }
}
