/** Connections as Netty sees them, for what Vert.x's API cannot do. It knows of no HTTP message and no bus. */
@NullMarked
package dev.runnel.net;

import org.jspecify.annotations.NullMarked;
