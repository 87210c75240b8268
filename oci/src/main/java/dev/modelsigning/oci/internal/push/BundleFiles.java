package dev.modelsigning.oci.internal.push;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.attestation.RefusedClaimException;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.inspection.Inspection;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files with signatures and claims that go with a model. They must be about the model, or
 * nothing is pushed, also those that lie where they lie by convention: whoever pushes a model
 * beside a signature of something else expects that it is signed.
 */
public final class BundleFiles {

  /** The names of signatures by convention: of OMS, and of ML-DSA beside it. */
  private static final List<String> SIGNATURES = List.of("model.sig", "model.mldsa.sig");

  /** A signature: its file, whether the user named it, and what it lists. */
  private record Signature(
      Path file, boolean named, Bundle bundle, String predicateType, Manifest manifest) {}

  /** A line of a claims file; either the bundle is there, or what is wrong with it. */
  private record Line(long number, Optional<Bundle> bundle, String problem) {}

  private record Claims(Path file, boolean named, List<Line> lines) {}

  private final ModelSource model;
  private final List<Signature> signatures = new ArrayList<>();
  private final List<Claims> claims = new ArrayList<>();
  private final Set<String> leftOut = new TreeSet<>();
  private final List<String> remarks = new ArrayList<>();

  private BundleFiles(ModelSource model) {
    this.model = model;
  }

  /**
   * Reads the files.
   *
   * @param directory the model
   * @param model the same
   * @param signatures those that the user named; if there are none, {@code model.sig} and {@code
   *     model.mldsa.sig} in the model and beside it
   * @param claims the one that the user named; if there is none, {@code claims.jsonl} there
   * @throws MalformedBundleException if one that the user named is not what it should be
   */
  public static BundleFiles read(
      Path directory, ModelSource model, List<Path> signatures, Optional<Path> claims)
      throws IOException, MalformedBundleException {
    BundleFiles files = new BundleFiles(model);
    for (Path signature : new LinkedHashSet<>(signatures)) {
      files.readSignature(signature, true);
    }
    if (signatures.isEmpty()) {
      for (String name : SIGNATURES) {
        for (Path usual : usual(directory, name)) {
          files.readUsualSignature(usual);
        }
      }
    }
    if (claims.isPresent()) {
      files.readClaims(claims.get(), true);
    } else {
      for (Path usual : usual(directory, ClaimsFile.NAME)) {
        files.readClaims(usual, false);
      }
    }
    return files;
  }

  /** The files with a name in the model and beside it. */
  private static List<Path> usual(Path directory, String name) {
    Path plain = directory.normalize();
    boolean hasName = !plain.toString().isEmpty() && !plain.endsWith("..");
    Path beside = (hasName ? plain : plain.toAbsolutePath().normalize()).resolveSibling(name);
    return List.of(directory.resolve(name), beside).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private void readSignature(Path file, boolean named)
      throws IOException, MalformedBundleException {
    Inspection inspection;
    try {
      inspection = Inspection.read(file, KeylessClaims.Reader.NONE);
      if (inspection.problem().isPresent()) {
        throw inspection.problem().get();
      }
    } catch (MalformedBundleException e) {
      MalformedBundleException placed = new MalformedBundleException(file, e);
      if (named) {
        throw new MalformedBundleException(placed.getMessage() + "; nothing was pushed", placed);
      }
      throw placed;
    }
    leaveOut(file);
    leaveOutTimestamps(file);
    signatures.add(
        new Signature(
            file,
            named,
            inspection.bundle(),
            inspection.statement().orElseThrow().predicateType(),
            inspection.manifest().orElseThrow()));
  }

  private void leaveOutTimestamps(Path signature) throws IOException {
    Path stamps = LaterTimestamps.file(signature);
    if (Files.isRegularFile(stamps, LinkOption.NOFOLLOW_LINKS)) {
      leaveOut(stamps);
      remarks.add(
          stamps
              + " is not pushed: a signature in a registry has only the time stamps in itself; keep"
              + " both files");
    }
  }

  private void readUsualSignature(Path file) throws IOException {
    try {
      readSignature(file, false);
    } catch (MalformedBundleException e) {
      remarks.add(
          "no signature was taken from "
              + e.getMessage()
              + (model.nameOf(file).isPresent() ? "; it is pushed as a file of the model" : ""));
    }
  }

  private void readClaims(Path file, boolean named) throws IOException, MalformedBundleException {
    List<Line> lines = new ArrayList<>();
    ClaimsFile.read(
        file,
        new ClaimsFile.Sink() {
          @Override
          public void claim(long line, Bundle bundle) {
            lines.add(new Line(line, Optional.of(bundle), ""));
          }

          @Override
          public void malformed(long line, MalformedBundleException why) {
            lines.add(new Line(line, Optional.empty(), String.valueOf(why.getMessage())));
          }
        });
    boolean any = lines.stream().anyMatch(line -> line.bundle().isPresent());
    if (!any && !named) {
      remarks.add(
          "no claims were taken from "
              + file
              + ", which has none"
              + (model.nameOf(file).isPresent() ? "; it is pushed as a file of the model" : ""));
      return;
    }
    leaveOut(file);
    leaveOut(file.resolveSibling("." + Objects.requireNonNull(file.getFileName()) + ".lock"));
    claims.add(new Claims(file, named, lines));
  }

  private void leaveOut(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Optional<String> name = model.nameOf(file);
      if (name.isPresent() && name.get().chars().anyMatch(c -> c == '*' || c == '?' || c == '[')) {
        throw new FileSystemException(
            file.toString(),
            null,
            "lies in the model, and has one of the characters *?[ in its name (OMS 6.2.1); move it");
      }
      name.ifPresent(leftOut::add);
    }
  }

  /** The names of those that lie in the model, and are no files of it. */
  public Set<String> leftOut() {
    return leftOut;
  }

  /** Why something that lies where it lies by convention is not attached. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /**
   * The bundles that are about the files that are pushed.
   *
   * @param hashed the files
   * @param files the same, to be compared
   * @param image the digest of the manifest
   * @throws IOException if a signature is not about exactly them, or no claim of a file is
   * @throws MalformedBundleException if a line of a claims file that the user named is no claim
   */
  public List<PushedBundle> about(HashedModel hashed, SignedFiles files, OciDigest image)
      throws IOException, MalformedBundleException {
    List<PushedBundle> bundles = new ArrayList<>();
    List<ModelSubject> subjects = new ArrayList<>();
    subjects.add(ModelSubject.of(hashed.name(), hashed.manifest()));
    for (Signature signature : signatures) {
      Optional<String> difference = files.difference(signature.manifest());
      if (difference.isPresent()) {
        throw refused(
            signature.file(),
            signature.named(),
            "is not about exactly the files that are pushed: "
                + difference.get()
                + "; sign the model again, or leave out with --ignore-paths what was left out when"
                + " it was signed");
      }
      bundles.add(
          new PushedBundle(
              signature.file().toString(), signature.bundle(), signature.predicateType()));
      subjects.add(ModelSubject.of(hashed.name(), signature.manifest()));
    }
    for (Claims each : claims) {
      addClaims(each, subjects, image, bundles);
    }
    return bundles;
  }

  private static IOException refused(Path file, boolean named, String why) {
    return new FileSystemException(
        file.toString(),
        null,
        why
            + (named
                ? ""
                : "; if it belongs to something else, move it away or name the right file")
            + "; nothing was pushed");
  }

  private void addClaims(
      Claims file, List<ModelSubject> subjects, OciDigest image, List<PushedBundle> bundles)
      throws IOException, MalformedBundleException {
    int others = 0;
    int found = 0;
    String first = "";
    for (Line line : file.lines()) {
      String place = file.file() + ":" + line.number();
      try {
        if (line.bundle().isEmpty()) {
          throw new MalformedBundleException(line.problem());
        }
        AttestedStatement statement = AttestedStatement.readUnverified(line.bundle().get());
        Optional<String> difference = difference(statement, subjects, image);
        if (difference.isEmpty()) {
          bundles.add(new PushedBundle(place, line.bundle().get(), statement.predicateType()));
          found++;
        } else {
          first = others == 0 ? ": line " + line.number() + ": " + difference.get() : first;
          others++;
        }
      } catch (MalformedBundleException e) {
        if (file.named()) {
          throw new MalformedBundleException(
              place + ": " + e.getMessage() + "; nothing was pushed", e);
        }
        remarks.add(place + " was not attached: " + e.getMessage());
      }
    }
    if (found == 0 && (file.named() || others > 0)) {
      throw refused(
          file.file(), file.named(), "has no claim about the files that are pushed" + first);
    }
    if (others > 0) {
      remarks.add(
          others + " in " + file.file() + " were not attached: they are about other models");
    }
  }

  /** What makes a claim one about something else; empty if it is about the model. */
  private static Optional<String> difference(
      AttestedStatement statement, List<ModelSubject> subjects, OciDigest image) {
    if (statement.subjects().size() == 1
        && image.hex().equals(statement.subjects().get(0).digests().get("sha256"))) {
      return Optional.empty();
    }
    String difference = "";
    // The same files may be hashed in several ways.
    for (ModelSubject subject : subjects) {
      try {
        subject.require(statement);
        return Optional.empty();
      } catch (RefusedClaimException e) {
        difference = difference.isEmpty() ? String.valueOf(e.getMessage()) : difference;
      }
    }
    return Optional.of(difference);
  }
}
