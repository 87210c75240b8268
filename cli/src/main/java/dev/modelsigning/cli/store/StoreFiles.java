package dev.modelsigning.cli.store;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ClaimsFile.Appended;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.s3.ObjectChangedException;
import dev.modelsigning.s3.S3File;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import dev.modelsigning.s3.S3Rules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** Signatures and claims in object stores, which are read into memory. */
public final class StoreFiles {

  /** The most bytes of claims in one object: less than in a file, as all are in memory. */
  static final int MAX_CLAIMS = 64 * 1024 * 1024;

  /** How often claims are read again if others append to them at the same time. */
  private static final int ATTEMPTS = 5;

  private final S3Options options;
  private final CommandSpec command;
  private final Set<URI> named = new LinkedHashSet<>();

  /**
   * Creates it.
   *
   * @param options how stores are asked
   * @param command the command, for wrong usage
   */
  public StoreFiles(S3Options options, CommandSpec command) {
    this.options = options;
    this.command = command;
  }

  /** Opens an object, and notes the address of its store. */
  private S3File open(S3Reference object) throws IOException {
    S3File file = S3File.open(object, options);
    file.namedEndpoint().ifPresent(named::add);
    return file;
  }

  /**
   * Says which stores were asked so far whose addresses were named. For a model in a store the
   * model says it.
   *
   * @param what what was read or written there
   */
  public List<Finding> findings(String what) {
    return named.stream().map(address -> namedStore(what, address)).toList();
  }

  /** Says that a store was asked whose address was named. */
  public static Finding namedStore(String what, URI address) {
    return Finding.of(S3Rules.STORE_NAMED, what + " at " + address);
  }

  /** Reads a signature. */
  public StoredBundle signature(Place place) throws IOException, MalformedBundleException {
    S3Reference object = StoreArguments.object(place, command);
    try (S3File file = open(object)) {
      return StoredBundle.of(object.toString(), file.read(Bundle.MAX_SIZE));
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(object + ": " + e.getMessage(), e);
    }
  }

  /**
   * Claims, which are read when they are needed.
   *
   * @throws IOException if there are none, or that cannot be found out
   */
  public ClaimSource claims(Place place) throws IOException {
    S3Reference object = StoreArguments.object(place, command);
    try (S3File file = open(object)) {
      if (!file.exists()) {
        throw new NoSuchFileException(object.toString(), null, "there is no such object");
      }
    }
    return claims(object);
  }

  /** Claims in an object that was found. */
  public ClaimSource claims(S3Reference object) {
    return new ClaimSource() {
      @Override
      public String location() {
        return object.toString();
      }

      @Override
      public void read(ClaimsFile.Sink sink) throws IOException {
        Bytes content;
        try (S3File file = open(object)) {
          content = Bytes.of(file.read(MAX_CLAIMS));
        }
        ClaimsFile.read(location(), content, sink);
      }
    };
  }

  /** The conventional place of claims, beside a model; empty if it is a whole bucket. */
  public static Optional<Place> claimsBeside(S3Reference model) {
    return model.key().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Place.of(
                "s3://"
                    + model.bucket()
                    + "/"
                    + model.key().substring(0, model.key().lastIndexOf('/') + 1)
                    + ClaimsFile.NAME));
  }

  /**
   * Checks, before anything is signed, whether a claim can be appended. Whether it may be written
   * only the store knows.
   */
  public void requireAppendable(Place place) throws IOException, MalformedBundleException {
    try (S3File file = open(StoreArguments.object(place, command))) {
      StoreArguments.requireFree(file, "the claims", "--claims");
      ClaimsFile.requireAppendable(place.toString(), content(file, 1));
    }
  }

  /**
   * Appends a claim. It is written only over the claims that it was appended to; if others append
   * at the same time, theirs are read, and it is appended to them.
   *
   * @return its line, from 1
   * @throws IOException if that fails; the message names the file in which the claim is kept
   */
  public long append(Place place, Bundle claim) throws IOException {
    S3Reference object = StoreArguments.object(place, command);
    try {
      return append(object, claim);
    } catch (IOException | MalformedBundleException e) {
      throw Kept.claim(object, e, claim);
    }
  }

  private long append(S3Reference object, Bundle claim)
      throws IOException, MalformedBundleException {
    try (S3File file = open(object)) {
      for (int attempt = 1; ; attempt++) {
        try {
          Appended appended =
              ClaimsFile.appended(
                  object.toString(), content(file, claim.toJson().length() + 2L), claim);
          file.write(appended.content().toArray());
          return appended.line();
        } catch (ObjectChangedException e) {
          if (attempt == ATTEMPTS) {
            throw e;
          }
          file.lookAgain();
        }
      }
    }
  }

  private static Bytes content(S3File file, long more) throws IOException {
    if (file.size() + more > MAX_CLAIMS) {
      throw new FileSystemException(
          file.reference().toString(),
          null,
          "would have more than "
              + MAX_CLAIMS
              + " bytes of claims; choose another object with --claims");
    }
    return Bytes.of(file.exists() ? file.read(MAX_CLAIMS) : new byte[0]);
  }
}
