/** What the model is made of: it learns which letter follows which. */
export const text = `
The harbour wakes before the town does. A small boat leaves with the tide, and the nets are dry.
On the quay an old man counts the crates: salt, rope, lamp oil, and one box that nobody asked for.
He writes the number down, looks at the sky, and says that the wind will turn by noon.
It turns at ten. The sails fill, the lines hum, and the boat is home before the bread is cold.
In the evening the lamps are lit one by one, and each of them has a name that only he remembers.
Someone asks how far the light can be seen. Far enough, he says, for those who are looking.
The box is opened at last. There is a bell in it, and a note: ring this when the fog comes in.
So they hang it at the end of the pier, where the water is deep, and they wait for the fog.
`
