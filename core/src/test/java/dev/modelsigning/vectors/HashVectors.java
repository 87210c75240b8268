package dev.modelsigning.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;

/** Known answers of the hash functions, by Bouncy Castle, which has implementations of its own. */
final class HashVectors {

  private HashVectors() {}

  private static Set<Integer> lengths() {
    Set<Integer> lengths = new TreeSet<>();
    for (int border : new int[] {0, 55, 64, 111, 128, 256, 512, 768}) {
      addAround(lengths, border);
    }
    for (int chunks = 1; chunks <= 64; chunks = chunks < 9 ? chunks + 1 : chunks * 2) {
      addAround(lengths, chunks * 1024);
    }
    addAround(lengths, 100 * 1024);
    addAround(lengths, 256 * 1024);
    addAround(lengths, 1 << 20);
    return lengths;
  }

  private static void addAround(Set<Integer> lengths, int border) {
    for (int length = Math.max(0, border - 1); length <= border + 1; length++) {
      lengths.add(length);
    }
  }

  static void make(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String algorithm : List.of("sha256", "blake2b", "blake3")) {
      for (int length : lengths()) {
        lines.add(
            "    {\"algorithm\": \""
                + algorithm
                + "\", \"length\": "
                + length
                + ", \"digest\": \""
                + digest(algorithm, VectorModels.counting(length))
                + "\"}");
      }
    }
    Path folder = Files.createDirectories(root.resolve("hash"));
    Files.writeString(
        folder.resolve("vectors.json"),
        "{\n  \"about\": \"Digests of inputs of so many bytes, which are 0, 1, 2 ... 250, 0, 1 ...;"
            + " blake2b is BLAKE2b-512.\",\n  \"vectors\": [\n"
            + String.join(",\n", lines)
            + "\n  ]\n}\n");
  }

  private static String digest(String algorithm, byte[] input) {
    Digest digest =
        switch (algorithm) {
          case "sha256" -> new SHA256Digest();
          case "blake2b" -> new Blake2bDigest(512);
          default -> new Blake3Digest();
        };
    digest.update(input, 0, input.length);
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return HexFormat.of().formatHex(result);
  }
}
