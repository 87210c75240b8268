package dev.modelsigning.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Interns the names of the members of a document, so that each becomes one string. It drops names
 * if there are too many, in total or in one slot.
 */
final class JsonNames {

  private static final int SLOTS = 256;
  private static final int MOST = 4096;

  /** No legitimate document has as many names with one hash code. */
  private static final int MOST_IN_SLOT = 100;

  /** A name, and the next one with the same slot. */
  private static final class Name {
    final byte[] bytes;
    final int hash;
    final String text;
    final @Nullable Name next;

    Name(byte[] bytes, int hash, @Nullable Name next) {
      this.bytes = bytes;
      this.hash = hash;
      this.text = new String(bytes, StandardCharsets.UTF_8);
      this.next = next;
    }
  }

  private final @Nullable Name[] slots = new @Nullable Name[SLOTS];
  private int number;

  /**
   * Returns a name as a string.
   *
   * @return the string, or null if too many names have the same hash code
   */
  @Nullable String text(byte[] array, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 33 * hash + array[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    int sameHash = 0;
    int inSlot = 0;
    for (Name name = slots[slot]; name != null; name = name.next) {
      inSlot++;
      if (name.hash == hash) {
        if (Arrays.equals(name.bytes, 0, name.bytes.length, array, from, to)) {
          return name.text;
        }
        sameHash++;
      }
    }
    if (sameHash >= MOST_IN_SLOT) {
      return null;
    }
    if (inSlot >= MOST_IN_SLOT) {
      slots[slot] = null; // whoever chose the names would make each look-up search all of them
      number -= inSlot;
    }
    if (number == MOST) {
      Arrays.fill(slots, null);
      number = 0;
    }
    Name added = new Name(Arrays.copyOfRange(array, from, to), hash, slots[slot]);
    slots[slot] = added;
    number++;
    return added.text;
  }
}
