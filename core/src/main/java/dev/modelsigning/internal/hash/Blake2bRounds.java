package dev.modelsigning.internal.hash;

import static java.lang.Long.rotateRight;

/**
 * The twelve rounds of the compression function of BLAKE2b (RFC 7693 section 3.2), written out:
 * with the state in local variables and constant indexes into the message they take three quarters
 * of the time of loops. They are two methods because the JVM compiles none with more than 8000
 * bytes of code.
 */
final class Blake2bRounds {

  private Blake2bRounds() {}

  /**
   * Mixes a block into the state.
   *
   * @param v the 16 words of the state
   * @param m the 16 words of the block
   */
  static void mix(long[] v, long[] m) {
    firstSix(v, m);
    lastSix(v, m);
  }

  // Each pair of lines is one call of the function G of the RFC.
  // spotless:off
  private static void firstSix(long[] v, long[] m) {
    long v0 = v[0]; long v1 = v[1]; long v2 = v[2]; long v3 = v[3];
    long v4 = v[4]; long v5 = v[5]; long v6 = v[6]; long v7 = v[7];
    long v8 = v[8]; long v9 = v[9]; long v10 = v[10]; long v11 = v[11];
    long v12 = v[12]; long v13 = v[13]; long v14 = v[14]; long v15 = v[15];

    // Round 0
    v0 += v4 + m[0]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[1]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[2]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[3]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[4]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[5]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[6]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[7]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[8]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[9]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[10]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[11]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[12]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[13]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[14]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[15]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 1
    v0 += v4 + m[14]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[10]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[4]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[8]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[9]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[15]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[13]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[6]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[1]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[12]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[0]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[2]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[11]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[7]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[5]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[3]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 2
    v0 += v4 + m[11]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[8]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[12]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[0]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[5]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[2]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[15]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[13]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[10]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[14]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[3]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[6]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[7]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[1]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[9]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[4]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 3
    v0 += v4 + m[7]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[9]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[3]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[1]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[13]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[12]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[11]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[14]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[2]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[6]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[5]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[10]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[4]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[0]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[15]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[8]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 4
    v0 += v4 + m[9]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[0]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[5]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[7]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[2]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[4]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[10]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[15]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[14]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[1]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[11]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[12]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[6]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[8]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[3]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[13]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 5
    v0 += v4 + m[2]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[12]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[6]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[10]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[0]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[11]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[8]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[3]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[4]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[13]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[7]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[5]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[15]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[14]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[1]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[9]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    v[0] = v0; v[1] = v1; v[2] = v2; v[3] = v3;
    v[4] = v4; v[5] = v5; v[6] = v6; v[7] = v7;
    v[8] = v8; v[9] = v9; v[10] = v10; v[11] = v11;
    v[12] = v12; v[13] = v13; v[14] = v14; v[15] = v15;
  }

  private static void lastSix(long[] v, long[] m) {
    long v0 = v[0]; long v1 = v[1]; long v2 = v[2]; long v3 = v[3];
    long v4 = v[4]; long v5 = v[5]; long v6 = v[6]; long v7 = v[7];
    long v8 = v[8]; long v9 = v[9]; long v10 = v[10]; long v11 = v[11];
    long v12 = v[12]; long v13 = v[13]; long v14 = v[14]; long v15 = v[15];

    // Round 6
    v0 += v4 + m[12]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[5]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[1]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[15]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[14]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[13]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[4]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[10]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[0]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[7]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[6]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[3]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[9]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[2]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[8]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[11]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 7
    v0 += v4 + m[13]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[11]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[7]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[14]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[12]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[1]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[3]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[9]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[5]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[0]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[15]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[4]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[8]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[6]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[2]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[10]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 8
    v0 += v4 + m[6]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[15]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[14]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[9]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[11]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[3]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[0]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[8]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[12]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[2]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[13]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[7]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[1]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[4]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[10]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[5]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 9
    v0 += v4 + m[10]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[2]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[8]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[4]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[7]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[6]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[1]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[5]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[15]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[11]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[9]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[14]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[3]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[12]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[13]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[0]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 10
    v0 += v4 + m[0]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[1]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[2]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[3]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[4]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[5]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[6]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[7]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[8]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[9]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[10]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[11]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[12]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[13]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[14]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[15]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    // Round 11
    v0 += v4 + m[14]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
    v0 += v4 + m[10]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
    v1 += v5 + m[4]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
    v1 += v5 + m[8]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
    v2 += v6 + m[9]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
    v2 += v6 + m[15]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
    v3 += v7 + m[13]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
    v3 += v7 + m[6]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
    v0 += v5 + m[1]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
    v0 += v5 + m[12]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
    v1 += v6 + m[0]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
    v1 += v6 + m[2]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
    v2 += v7 + m[11]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
    v2 += v7 + m[7]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
    v3 += v4 + m[5]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
    v3 += v4 + m[3]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);

    v[0] = v0; v[1] = v1; v[2] = v2; v[3] = v3;
    v[4] = v4; v[5] = v5; v[6] = v6; v[7] = v7;
    v[8] = v8; v[9] = v9; v[10] = v10; v[11] = v11;
    v[12] = v12; v[13] = v13; v[14] = v14; v[15] = v15;
  }
  // spotless:on
}
