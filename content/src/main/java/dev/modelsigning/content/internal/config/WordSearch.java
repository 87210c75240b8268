package dev.modelsigning.content.internal.config;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.FoundNames;
import dev.modelsigning.content.internal.found.FoundNames.Rank;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Searches the bytes of a file for words, in formats whose structure is not parsed: the name of a
 * Lambda layer in a configuration within an HDF5 file, the names of operations that read or write
 * files in a TensorFlow graph. A word that is written with escapes is not found.
 */
public final class WordSearch implements PartReader {

  /** A word, and the name under which it is reported. */
  @SuppressWarnings("ArrayRecordComponent") // words are never compared with each other
  private record Word(byte[] bytes, String name) {}

  private final Optional<String> part;
  private final Kind kind;
  private final Word[] words;
  private final boolean[] isFound;
  private final boolean[] isFirst = new boolean[256];
  private final int longest;
  private byte[] buffer = new byte[0];
  private int kept;

  private WordSearch(FileStart file, Kind kind, Word... words) {
    this.part = file.part();
    this.kind = kind;
    this.words = words;
    this.isFound = new boolean[words.length];
    int most = 0;
    for (Word word : words) {
      isFirst[word.bytes()[0] & 0xff] = true;
      most = Math.max(most, word.bytes().length);
    }
    this.longest = most;
  }

  /**
   * Searches for Keras Lambda layers in an HDF5 file, or in the metadata that TensorFlow writes
   * with a graph.
   */
  public static WordSearch lambda(FileStart file) {
    return new WordSearch(
        file,
        Kind.KERAS_LAMBDA,
        word("\"Lambda\"", "Lambda"),
        word("\"lambda\"", "Lambda"),
        word("\"__lambda__\"", "Lambda"),
        word("\\\"Lambda\\\"", "Lambda"));
  }

  /** Searches for operations of a TensorFlow graph that access files or call Python. */
  public static WordSearch graph(FileStart file) {
    return new WordSearch(
        file,
        Kind.PROGRAM,
        operation("ReadFile"),
        operation("WriteFile"),
        operation("MatchingFiles"),
        operation("PyFunc"),
        operation("PyFuncStateless"),
        operation("EagerPyFunc"));
  }

  private static Word word(String text, String name) {
    return new Word(text.getBytes(StandardCharsets.ISO_8859_1), name);
  }

  /** The field op of a NodeDef (number 2, with its length before it). */
  private static Word operation(String name) {
    return word("\u0012" + (char) name.length() + name, name);
  }

  @Override
  public boolean accept(ByteBuffer block) {
    int length = kept + block.remaining();
    if (buffer.length < length) {
      buffer = Arrays.copyOf(buffer, length);
    }
    block.get(buffer, kept, block.remaining());
    search(length);
    // May be the beginning of a word that continues in the next block.
    kept = Math.min(length, longest - 1);
    System.arraycopy(buffer, length - kept, buffer, 0, kept);
    return true;
  }

  private void search(int length) {
    byte[] bytes = buffer;
    boolean[] first = isFirst;
    for (int i = 0; i < length; i++) {
      if (first[bytes[i] & 0xff]) {
        compare(i, length);
      }
    }
  }

  private void compare(int at, int length) {
    for (int i = 0; i < words.length; i++) {
      byte[] word = words[i].bytes();
      if (at + word.length <= length
          && Arrays.equals(buffer, at, at + word.length, word, 0, word.length)) {
        isFound[i] = true;
      }
    }
  }

  @Override
  public void end(FoundFacts found) {
    FoundNames names = new FoundNames();
    for (int i = 0; i < words.length; i++) {
      if (isFound[i]) {
        names.add(Rank.UNUSUAL, words[i].name());
      }
    }
    if (!names.isEmpty()) {
      found.runs(part, kind, names);
    }
  }
}
