package dev.modelsigning.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * The class data sharing (CDS) archives: the classes of common commands, those of these and of
 * commands that verify certificates, and those of all commands, parsed, verified and linked, for
 * the runtime and the jar of one installation. The JVM accepts them for the same jar in any
 * directory. The launcher chooses one: the JVM sets up each class of it when it starts, so common
 * commands have their own.
 *
 * <p>The JVM writes a reproducible archive except for one value: the uptime of the machine in
 * milliseconds, in each archived soft reference, and hence in two checksums. Two archives are made,
 * which must not differ in anything else; then the value is set to zero.
 */
final class ClassArchive {

  /** The offset of the checksum of the header. */
  private static final int HEADER_CHECKSUM = 4;

  /** The offset of the size of the header; the checksum covers what follows it. */
  private static final int HEADER_SIZE = 12;

  /**
   * The offsets, relative to the checksum of a region, of its position in the file and of its
   * length.
   */
  private static final int REGION_OFFSET = 24;

  private static final int REGION_SIZE = 40;

  /** Ten minutes in milliseconds: longer than it takes to make two archives. */
  private static final long MINUTES = 10 * 60 * 1000;

  private final Path top;
  private final Path work;
  private final Path vectors;
  private final List<Path> lists = new ArrayList<>();

  private ClassArchive(Path top, Path work, Path vectors) {
    this.top = top;
    this.work = work;
    this.vectors = vectors;
  }

  /**
   * Creates the archives of an installation.
   *
   * @param top the installation, with {@code runtime} and {@code lib/model-signing.jar}
   * @param work an empty directory for the commands that are run to learn which classes they use
   * @param vectors signatures of all methods, with what they are verified by
   * @param network a list of the classes of commands that need a network, which these do not
   */
  static void make(Path top, Path work, Path vectors, Path network)
      throws IOException, BuildException, InterruptedException {
    ClassArchive archive = new ClassArchive(top, work, vectors);
    archive.learnCommon();
    archive.write(top.resolve("lib/model-signing.jsa"));
    archive.learnCertificates();
    archive.write(top.resolve("lib/model-signing-certificates.jsa"));
    archive.learnOthers();
    archive.lists.add(network);
    archive.write(top.resolve("lib/model-signing-large.jsa"));
  }

  private void write(Path target) throws IOException, BuildException, InterruptedException {
    Path classes = work.resolve("classes");
    Files.write(classes, learned());
    byte[] one = dump(classes, "one.jsa");
    byte[] other = dump(classes, "other.jsa");
    Files.write(target, withoutAge(one, other));
    verify(target);
  }

  /** The common commands on a small model. */
  private void learnCommon() throws IOException, BuildException, InterruptedException {
    Path model = work.resolve("model");
    Files.createDirectories(model.resolve("nested"));
    Files.writeString(
        model.resolve("config.json"),
        "{\"architectures\": [\"A\"], \"hidden_size\": 16, \"layers\": [1.5, true, null]}");
    Files.writeString(model.resolve("nested/weights"), "weights");
    // What looks into files has classes of its own for each kind, and those for long files come
    // after a start.
    Files.writeString(model.resolve("README.md"), "# A model\n");
    Files.writeString(model.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
    Files.write(model.resolve("weights.bin"), new byte[100_000]);
    String header = "{\"weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
    Files.writeString(
        model.resolve("model.safetensors"),
        (char) header.length() + "\0".repeat(7) + header + "\0".repeat(16));
    run(List.of(), "generate-key --private-key key.pem --public-key key.pub");
    learn("sign key model --private-key key.pem --signature model.sig");
    learn("verify key model --signature model.sig --public-key key.pub");
    learn("verify key model --signature model.sig --public-key key.pub --format json");
    // What is not well-formed is reported, which takes classes of its own.
    Path broken = Files.createDirectories(work.resolve("broken"));
    Files.writeString(broken.resolve("config.json"), "weights");
    learn("sign key broken --private-key key.pem --signature broken.sig");
    learn("verify key broken --signature broken.sig --public-key key.pub");
    learn("digest model");
  }

  /** Verification by certificates, those of Sigstore among them, without a network. */
  private void learnCertificates() throws IOException, BuildException, InterruptedException {
    learn(
        "verify certificate VECTORS/models/plain"
            + " --signature VECTORS/certificate/stamp-good.sigstore.json"
            + " --certificate-chain VECTORS/certificate/files/root.pem --certificate-identity CN=Signer"
            + " --tsa-certificate-chain VECTORS/certificate/files/tsa-root.pem");
    // The curve of many authorities.
    learn("generate-key --curve P-384 --private-key key-384.pem --public-key key-384.pub");
    learn("sign key model --private-key key-384.pem --signature model-384.sig");
    learn("verify key model --signature model-384.sig --public-key key-384.pub");
    for (String log : List.of("rekor-1", "rekor-2")) {
      learn(
          "verify sigstore VECTORS/models/plain"
              + " --signature VECTORS/sigstore/%s.sigstore.json".formatted(log)
              + " --trusted-root VECTORS/sigstore/files/trusted-root.json --identity alice@example.com"
              + " --identity-provider https://accounts.example.com");
    }
  }

  /** What else needs no network, and what reads how all commands are declared. */
  private void learnOthers() throws IOException, BuildException, InterruptedException {
    learn("generate-key --private-key other.pem --public-key other.pub");
    learn("digest model --hash-algorithm blake2b");
    learn("digest model --hash-algorithm blake3");
    learn("inspect model.sig");
    learn("--help");
    learn("--version");
    Files.writeString(
        work.resolve("policy.yaml"),
        """
        version: 1
        signers:
          us: { key: { public-key: key.pub } }
        models:
          - { match: model, signatures: { of: us } }
        """);
    learn("verify policy model --policy policy.yaml");
    String claim = " --claims claims.jsonl --predicate-type https://example.com/tests/v1";
    learn(
        "attest key model --signature model.sig --private-key key.pem"
            + " --predicate model/config.json"
            + claim);
    learn("verify-attestation key model --signature model.sig --public-key key.pub" + claim);
  }

  /** What the commands used so far. */
  private List<String> learned() throws IOException, BuildException {
    Set<String> classes = new TreeSet<>();
    Set<String> generated = new TreeSet<>();
    for (Path list : lists) {
      for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
        // Each list numbers its classes from 1; the numbers are optional.
        String entry = line.replaceFirst(" id: .*", "");
        if (entry.startsWith("@")) {
          if (!entry.startsWith("@cp ")) {
            generated.add(entry);
          }
        } else if (!entry.startsWith("#")) {
          classes.add(entry);
        }
      }
    }
    // Sorted, as the order of loading depends on threads; generated classes must follow their
    // hosts.
    List<String> all = new ArrayList<>(classes);
    all.addAll(generated);
    try (ConstantPools pools = new ConstantPools(top)) {
      for (String name : classes) {
        pools.line(name).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Learns which classes a command uses. */
  private void learn(String command) throws IOException, BuildException, InterruptedException {
    Path list = work.resolve("classes." + lists.size());
    run(List.of("-XX:DumpLoadedClassList=" + list), command);
    lists.add(list);
  }

  /** Runs a command, of words without spaces; VECTORS is where the vectors are. */
  private void run(List<String> options, String command)
      throws IOException, BuildException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(top.resolve("runtime/bin/java").toString());
    line.addAll(options);
    Collections.addAll(
        line,
        // Fewer compiler threads, and hence fewer classes that are loaded only by chance.
        "-XX:TieredStopAtLevel=1",
        "-Duser.home=" + work,
        "-cp",
        top.resolve("lib/model-signing.jar").toString(),
        "dev.modelsigning.cli.Main");
    for (String word : command.split(" ", -1)) {
      line.add(word.replace("VECTORS", vectors.toString()));
    }
    Jdk.run(work, line);
  }

  private byte[] dump(Path classes, String name)
      throws IOException, BuildException, InterruptedException {
    Path archive = work.resolve(name);
    // The JVM records this path of the jar, and looks for it whenever it defines a class: 20 ms for
    // all of them if it is not there. The launcher opens the directory with the same number.
    Jdk.run(
        top,
        List.of(
            "/bin/sh",
            "-c",
            "exec \"$@\" 8< lib",
            "sh",
            "runtime/bin/java",
            "-Xshare:dump",
            "-XX:+AOTClassLinking",
            "-XX:SharedClassListFile=" + classes,
            "-XX:SharedArchiveFile=" + archive,
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            "/proc/self/fd/8/model-signing.jar"));
    return Files.readAllBytes(archive);
  }

  /**
   * Has the JVM validate all checksums and start with this archive alone, in a heap as small as
   * that of the launcher: it would not start where the objects of the archive have no room.
   */
  private void verify(Path archive) throws IOException, BuildException, InterruptedException {
    Jdk.run(
        work,
        List.of(
            top.resolve("runtime/bin/java").toString(),
            "-Xshare:on",
            "-XX:+VerifySharedSpaces",
            "-XX:SharedArchiveFile=" + archive,
            "-XX:+UseSerialGC",
            "-Xmn8m",
            archive.endsWith("model-signing.jsa") ? "-Xms12m" : "-Xms20m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            top.resolve("lib/model-signing.jar").toString(),
            "dev.modelsigning.cli.Main",
            "--version"));
  }

  /**
   * Sets the one value to zero in which two archives differ.
   *
   * @throws BuildException if they differ in anything else
   */
  static byte[] withoutAge(byte[] one, byte[] other) throws BuildException {
    if (one.length != other.length) {
      throw new BuildException("expected two archives of the same size");
    }
    byte[] result = one.clone();
    ByteBuffer first = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer second = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
    int header = first.getInt(HEADER_SIZE);
    if (header <= 0 || header > one.length) {
      throw new BuildException("expected the CDS archive header of JDK 25, found another one");
    }
    List<Integer> regions = new ArrayList<>();
    for (int at = HEADER_SIZE + 4; at < header - REGION_SIZE - 8; at += 4) {
      if (first.getInt(at) != second.getInt(at)) {
        regions.add(at);
      }
    }
    for (int region : regions) {
      requireChecksum(result, first, region);
    }
    if (!regions.isEmpty() && first.getInt(HEADER_CHECKSUM) != headerChecksum(result, header)) {
      throw new BuildException("expected the CDS archive header of JDK 25, found another one");
    }
    long age = 0;
    int end = one.length - one.length % Long.BYTES;
    for (int at = (header + 7) / 8 * 8; at < end; at += Long.BYTES) {
      long here = first.getLong(at);
      long there = second.getLong(at);
      if (here == there) {
        continue;
      }
      if (age == 0) {
        age = here;
      }
      // All are uptimes during one run of the JVM; those of the second archive are slightly
      // greater.
      if (here <= 0 || Math.abs(here - age) > MINUTES || there <= here || there - here > MINUTES) {
        throw new BuildException(
            "two archives of the same classes differ at "
                + at
                + " in more than their age: "
                + here
                + ", "
                + there);
      }
      first.putLong(at, 0);
    }
    for (int region : regions) {
      first.putInt(region, regionChecksum(result, first, region));
    }
    if (!regions.isEmpty()) {
      first.putInt(HEADER_CHECKSUM, headerChecksum(result, header));
    }
    return result;
  }

  private static void requireChecksum(byte[] bytes, ByteBuffer archive, int region)
      throws BuildException {
    long offset = archive.getLong(region + REGION_OFFSET);
    long size = archive.getLong(region + REGION_SIZE);
    if (offset < 0
        || size < 0
        || offset + size > archive.capacity()
        || archive.getInt(region) != regionChecksum(bytes, archive, region)) {
      throw new BuildException(
          "two archives of the same classes differ at " + region + ", which is no checksum");
    }
  }

  private static int regionChecksum(byte[] bytes, ByteBuffer archive, int region) {
    return checksum(
        bytes,
        (int) archive.getLong(region + REGION_OFFSET),
        (int) archive.getLong(region + REGION_SIZE));
  }

  private static int headerChecksum(byte[] bytes, int header) {
    return checksum(bytes, HEADER_SIZE + 4, header - HEADER_SIZE - 4);
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
