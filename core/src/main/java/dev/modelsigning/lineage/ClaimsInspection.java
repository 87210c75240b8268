package dev.modelsigning.lineage;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.lineage.UnverifiedClaim.Content;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of claims files, <em>without any verification</em>: anybody may have written them. It
 * is for display only; {@code dev.modelsigning.attestation.AttestationVerifier} verifies claims.
 */
public final class ClaimsInspection {

  /** The largest number of further files that are looked at to find claims about ancestors. */
  private static final int MAX_FOUND = 1_000;

  /** The largest length of all of these together, in bytes. */
  private static final long MAX_FOUND_BYTES = 64L * 1024 * 1024;

  private final String location;
  private final Optional<Path> file;
  private final List<UnverifiedClaim> claims;

  /** Claims in other files, in which ancestors are looked up. */
  private final List<UnverifiedClaim> others;

  private ClaimsInspection(
      String location,
      Optional<Path> file,
      List<UnverifiedClaim> claims,
      List<UnverifiedClaim> others) {
    this.location = location;
    this.file = file;
    this.claims = List.copyOf(claims);
    this.others = List.copyOf(others);
  }

  /**
   * Reads a claims file.
   *
   * @param file one bundle on each line, or a single bundle ({@code .json})
   * @param keyless reads keyless bundles
   * @throws IOException if it cannot be read, or is too large
   */
  public static ClaimsInspection read(Path file, KeylessClaims.Reader keyless) throws IOException {
    ClaimSource source = ClaimSource.of(file);
    return new ClaimsInspection(
        source.location(), Optional.of(file), claims(source, keyless), List.of());
  }

  /**
   * Reads claims that are in no file.
   *
   * @param source where they are
   * @param keyless reads keyless bundles
   * @throws IOException if they cannot be read, or are too many
   */
  public static ClaimsInspection read(ClaimSource source, KeylessClaims.Reader keyless)
      throws IOException {
    return new ClaimsInspection(
        source.location(), Optional.empty(), claims(source, keyless), List.of());
  }

  /**
   * Returns the same inspection with more claims, for the lineage: those that are given, and those
   * in files named {@code claims.jsonl} or {@code *.sigstore.json} in the directory of the claims
   * file and in the directories in it.
   *
   * @param given further claims
   * @param keyless reads keyless bundles
   * @throws IOException if given claims cannot be read
   */
  public ClaimsInspection withOthers(List<ClaimSource> given, KeylessClaims.Reader keyless)
      throws IOException {
    List<UnverifiedClaim> more = new ArrayList<>();
    for (ClaimSource other : given) {
      more.addAll(claims(other, keyless));
    }
    long left = MAX_FOUND_BYTES;
    for (Path other : found()) {
      if (Files.isSameFile(other, file.orElseThrow())) {
        continue;
      }
      left -= Files.size(other);
      if (left < 0) {
        more.add(
            unreadable(
                other.toString(),
                0,
                new IOException("files that nobody named are too large together")));
        break;
      }
      try {
        more.addAll(claims(ClaimSource.of(other), keyless));
      } catch (IOException e) {
        // Nobody asked for this file, so it must not keep the others from being shown.
        more.add(unreadable(other.toString(), 0, e));
      }
    }
    return new ClaimsInspection(location, file, claims, more);
  }

  /** The claims files in the directory, and in the directories in it. */
  private Set<Path> found() throws IOException {
    Set<Path> found = new TreeSet<>();
    @Nullable Path directory = file.map(known -> known.toAbsolutePath().getParent()).orElse(null);
    if (directory == null) {
      return found;
    }
    collect(directory, found);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (found.size() >= MAX_FOUND) {
          break;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(entry)) {
          collect(entry, found);
        }
      }
    }
    return found;
  }

  private static void collect(Path directory, Set<Path> found) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean named = name.equals(ClaimsFile.NAME) || name.endsWith(".sigstore.json");
        if (named
            && found.size() < MAX_FOUND
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          found.add(entry);
        }
      }
    }
  }

  private static List<UnverifiedClaim> claims(ClaimSource source, KeylessClaims.Reader keyless)
      throws IOException {
    List<UnverifiedClaim> claims = new ArrayList<>();
    String file = source.location();
    source.read(
        new ClaimsFile.Sink() {
          @Override
          public void claim(long line, Bundle bundle) {
            claims.add(ClaimsInspection.claim(file, line, bundle, keyless));
          }

          @Override
          public void malformed(long line, MalformedBundleException why) {
            claims.add(unreadable(file, line, why));
          }
        });
    return claims;
  }

  static UnverifiedClaim unreadable(String file, long line, Exception why) {
    return new UnverifiedClaim(
        file, line, Optional.empty(), Optional.of(String.valueOf(why.getMessage())));
  }

  private static UnverifiedClaim claim(
      String file, long line, Bundle bundle, KeylessClaims.Reader keyless) {
    try {
      AttestedStatement statement = AttestedStatement.readUnverified(bundle);
      Content content =
          new Content(
              statement.form(),
              statement.predicateType(),
              statement.predicate().isPresent(),
              statement.subjects().stream().limit(Content.MAX_SUBJECTS).toList(),
              statement.subjects().size(),
              SignerClaims.of(bundle, keyless),
              AncestorsJson.read(statement));
      return new UnverifiedClaim(file, line, Optional.of(content), Optional.empty());
    } catch (MalformedBundleException e) {
      return unreadable(file, line, e);
    }
  }

  /** Where the claims are, for display: a path or a URI. */
  public String location() {
    return location;
  }

  /** The claims in it, in their order. */
  public List<UnverifiedClaim> claims() {
    return claims;
  }

  /** The claims in other files, in which ancestors are looked up. */
  List<UnverifiedClaim> others() {
    return others;
  }

  /** The first line of every display: that nothing is verified. */
  public String headline() {
    return "NOT VERIFIED: this is what the file says";
  }

  /**
   * Writes the claims as a table.
   *
   * @param most the largest number of claims; the number of the others follows
   * @param lines receives the lines, one by one, and must escape them
   */
  public void writeLines(int most, Consumer<String> lines) {
    ClaimsTable.write(this, most, lines);
  }

  /**
   * Draws what the models were made from, three levels deep.
   *
   * @param most the largest number of lines; the number of the others follows
   * @param lines receives the lines, one by one, and must escape them
   */
  public void writeLineage(int most, Consumer<String> lines) {
    LineageTree.of(this).write(most, lines);
  }

  /**
   * Writes it as one JSON object on one line, in ASCII, whose first member says that nothing is
   * verified.
   *
   * @param withLineage whether to write the lineage, too
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(boolean withLineage, OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> ClaimsJson.write(this, withLineage, json));
    out.write('\n');
  }
}
